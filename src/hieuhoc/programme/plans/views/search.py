"""Pages for one search over plans, tasks and units."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
