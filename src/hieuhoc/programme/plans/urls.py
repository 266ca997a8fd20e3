"""Addresses of the pages of plans; each views module lists its own."""

from hieuhoc.programme.plans.views import assignments, cascade, intake, obstacles, papers, plans, reminders, search

app_name = "plans"
urlpatterns = [
    *assignments.urlpatterns,
    *reminders.urlpatterns,
    *intake.urlpatterns,
    *plans.urlpatterns,
    *cascade.urlpatterns,
    *obstacles.urlpatterns,
    *papers.urlpatterns,
    *search.urlpatterns,
]
