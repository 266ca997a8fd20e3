"""Addresses of the pages of reports; each views module lists its own."""

from django.urls import URLPattern

from hieuhoc.reports.views import dashboards, indicator, lineage

app_name = "reports"
urlpatterns: list[URLPattern] = [
    *dashboards.urlpatterns,
    *indicator.urlpatterns,
    *lineage.urlpatterns,
]
