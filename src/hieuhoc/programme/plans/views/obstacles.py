"""Pages for obstacles, their answers and counts."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
