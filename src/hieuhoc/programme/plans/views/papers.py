"""Pages for the tables that are signed: Excel, Word and print."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
