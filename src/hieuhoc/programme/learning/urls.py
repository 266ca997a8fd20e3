"""Addresses of the pages of learning; each views module lists its own."""

from django.urls import URLPattern

from hieuhoc.programme.learning.views import finder, topics, year_plans

app_name = "learning"
urlpatterns: list[URLPattern] = [
    *finder.urlpatterns,
    *topics.urlpatterns,
    *year_plans.urlpatterns,
]
