"""Addresses for machines, without a language and never redirected."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
