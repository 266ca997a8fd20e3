"""Addresses of the pages of learning; each views module lists its own."""

from django.urls import URLPattern

app_name = "learning"
urlpatterns: list[URLPattern] = []
