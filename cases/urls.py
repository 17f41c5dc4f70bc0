from __future__ import annotations

from django.urls import path

from cases.map_view import tap_map
from cases.views.follow import follow
from cases.views.more import overview, screen
from cases.views.paper import blank
from cases.views.start import report

app_name = "cases"
urlpatterns = [
    path("report/", report, name="report"),
    path("report/more/", overview, name="more"),
    path("report/more/<slug:screen>/", screen, name="screen"),
    path("report/more/<slug:screen>/<int:number>/", screen, name="screen_of_child"),
    path("report/map/", tap_map, name="map"),
    path("report/paper/", blank, name="paper"),
    path("report/follow/", follow, name="follow"),
]
