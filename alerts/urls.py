"""Addresses with a language in the path."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
