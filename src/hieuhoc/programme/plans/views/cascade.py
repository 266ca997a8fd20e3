"""Pages for local plans under a plan: links and coverage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
