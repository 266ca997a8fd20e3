"""Addresses of the pages of people: `/people/…`."""

from django.urls import path

from hieuhoc.registers.people import views

app_name = "people"
urlpatterns = [
    path("people/", views.person_list, name="list"),
    path("people/<int:pk>/", views.person_detail, name="detail"),
    path("people/<int:pk>/edit/", views.person_edit, name="edit"),
    path("people/<int:pk>/join/<int:other>/", views.person_join, name="join"),
    path("people/<int:pk>/part/<int:other>/", views.person_part, name="part"),
    path("people/<int:pk>/forget/", views.person_forget, name="forget"),
]
