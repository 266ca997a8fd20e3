"""Pages for the desk, an assignment and its moves, evidence, comments, reminders, the calendar."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
