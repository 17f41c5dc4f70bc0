"""Addresses of the anonymous door, with a language in the path."""

from __future__ import annotations

from django.urls import path

from tips.views.follow import follow
from tips.views.receipt import noted
from tips.views.tip import tip
from tips.views.upload import upload

app_name = "tips"
urlpatterns = [
    path("tip/", tip, name="tip"),
    path("tip/noted/", noted, name="noted"),
    path("tip/upload/", upload, name="upload"),
    path("tip/follow/", follow, name="follow"),
]
