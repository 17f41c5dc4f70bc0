"""Addresses with a language in the path."""

from django.urls import path

from alerts.views import people, subscribing

app_name = "alerts"
urlpatterns = [
    path("", people.home, name="home"),
    path("a/<str:code>/", people.alert, name="alert"),
    path("subscribe/", subscribing.ask, name="subscribe"),
    path("subscribe/done/", subscribing.subscribed, name="subscribed"),
    path("subscribe/<uuid:pending>/", subscribing.confirm, name="confirm"),
    path("privacy/", people.privacy, name="privacy"),
]
