"""Addresses with a language in the path."""

from django.urls import path

from alerts.programme import pages as programme_pages
from alerts.relays import pages as relay_pages
from alerts.views import arranging, people, subscribing

app_name = "alerts"
urlpatterns = [
    path("", people.home, name="home"),
    path("a/<str:code>/", people.alert, name="alert"),
    path("subscribe/", subscribing.ask, name="subscribe"),
    path("subscribe/mine/", arranging.door, name="mine_door"),
    path("subscribe/mine/<str:token>/", arranging.mine, name="mine"),
    path("subscribe/mine/<str:token>/also/", arranging.also, name="also"),
    path("subscribe/<uuid:pending>/", subscribing.confirm, name="confirm"),
    path("privacy/", people.privacy, name="privacy"),
    *relay_pages.urlpatterns,
    *programme_pages.urlpatterns,
]
