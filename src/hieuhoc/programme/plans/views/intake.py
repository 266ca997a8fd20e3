"""Pages for taking a document in, checking the reading beside the text, issuing the plan."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
