"""Addresses of the pages of learning; each views module lists its own."""

from django.urls import URLPattern

from hieuhoc.programme.learning.views import (
    attendance,
    attendance_sheets,
    centres,
    certificates,
    enrolments,
    finder,
    lists,
    provider_parts,
    providers,
    topics,
    year_plans,
)

app_name = "learning"
urlpatterns: list[URLPattern] = [
    *attendance.urlpatterns,
    *attendance_sheets.urlpatterns,
    *centres.urlpatterns,
    *certificates.urlpatterns,
    *enrolments.urlpatterns,
    *finder.urlpatterns,
    *lists.urlpatterns,
    *provider_parts.urlpatterns,
    *providers.urlpatterns,
    *topics.urlpatterns,
    *year_plans.urlpatterns,
]
