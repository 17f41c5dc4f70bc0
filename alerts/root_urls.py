"""Addresses for machines, without a language and never redirected."""

from django.urls import path

from alerts.views import machines, push, subscribing

urlpatterns = [
    path("a/<str:code>/cap/<str:identifier>.xml", machines.document, name="cap_document"),
    path("feeds/cap.atom", machines.atom, name="feed_atom"),
    path(".well-known/cap-signing.pem", machines.certificates, name="cap_certificates"),
    path("feeds/cap.rss", machines.rss, name="feed_rss"),
    path("feeds/alerts.json", machines.alerts_json, name="feed_json"),
    path("sw.js", push.worker, name="worker"),
    path("subscribe/push/", push.came_back, name="push_came_back"),
    path("u/<str:token>/", subscribing.leave, name="leave"),
]
