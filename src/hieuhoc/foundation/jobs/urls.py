from django.urls import path

from hieuhoc.foundation.jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.job_list, name="list"),
    path("jobs/<int:pk>/", views.detail, name="detail"),
    path("jobs/<int:pk>/fragment/", views.fragment, name="fragment"),
    path("jobs/<int:pk>/stop/", views.stop, name="stop"),
    path("jobs/<int:pk>/result/", views.result, name="result"),
]
