"""Addresses of the pages of reports; each views module lists its own."""

from django.urls import URLPattern

app_name = "reports"
urlpatterns: list[URLPattern] = []
