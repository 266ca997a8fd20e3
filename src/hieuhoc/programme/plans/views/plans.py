"""Pages for the list of plans, a plan with its tree, matrix and overview, a task."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
