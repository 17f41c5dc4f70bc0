from __future__ import annotations

from django.urls import path

from cases.map_view import tap_map
from cases.thread_views import follow
from cases.views import report

app_name = "cases"
urlpatterns = [
    path("report/", report, name="report"),
    path("report/map/", tap_map, name="map"),
    path("report/follow/", follow, name="follow"),
]
