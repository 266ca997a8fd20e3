"""Addresses of the pages of learning; each views module lists its own."""

from django.urls import URLPattern

from hieuhoc.programme.learning.views import (
    activities,
    assessments,
    attendance,
    attendance_sheets,
    centres,
    certificates,
    desk,
    enrolments,
    finder,
    grading,
    grading_sets,
    lists,
    money,
    norms,
    provider_parts,
    providers,
    sessions,
    topics,
    year_plans,
)

app_name = "learning"
urlpatterns: list[URLPattern] = [
    *activities.urlpatterns,
    *attendance.urlpatterns,
    *attendance_sheets.urlpatterns,
    *centres.urlpatterns,
    *certificates.urlpatterns,
    *desk.urlpatterns,
    *enrolments.urlpatterns,
    *finder.urlpatterns,
    *grading.urlpatterns,
    *grading_sets.urlpatterns,
    *assessments.urlpatterns,
    *lists.urlpatterns,
    *money.urlpatterns,
    *norms.urlpatterns,
    *provider_parts.urlpatterns,
    *providers.urlpatterns,
    *sessions.urlpatterns,
    *topics.urlpatterns,
    *year_plans.urlpatterns,
]
