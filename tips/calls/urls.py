"""Addresses of calls and finds, under /police/tips/."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from tips.calls.views import CallView, FoundView, look

wrap = admin.site.admin_view
urlpatterns = [
    path("call/", wrap(CallView.as_view()), name="tips_call"),
    path("call/look/", wrap(look), name="tips_call_look"),
    path("found/", wrap(FoundView.as_view()), name="tips_found"),
]
