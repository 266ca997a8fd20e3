"""Addresses of the pages of reports; each views module lists its own."""

from django.urls import URLPattern

from hieuhoc.reports.views import (
    boundaries,
    builder,
    dashboards,
    desk,
    indicator,
    kinds,
    lineage,
    papers,
    rounds,
    submissions,
    workbooks,
)

app_name = "reports"
urlpatterns: list[URLPattern] = [
    *desk.urlpatterns,
    *submissions.urlpatterns,
    *papers.urlpatterns,
    *rounds.urlpatterns,
    *kinds.urlpatterns,
    *builder.urlpatterns,
    *boundaries.urlpatterns,
    *dashboards.urlpatterns,
    *indicator.urlpatterns,
    *lineage.urlpatterns,
    *workbooks.urlpatterns,
]
