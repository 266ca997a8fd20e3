from django.urls import path

from hieuhoc.foundation.ui import views

app_name = "ui"
urlpatterns = [
    path("ui-gallery/", views.gallery, name="gallery"),
    path("ui-gallery/options/", views.gallery_options, name="gallery-options"),
    path("ui-gallery/public/", views.gallery_public, name="gallery-public"),
    path("ui-gallery/print/", views.gallery_print, name="gallery-print"),
]
