"""Addresses of the pages of indicators and targets; each views module lists its own."""

from django.urls import URLPattern

app_name = "indicators"
urlpatterns: list[URLPattern] = []
