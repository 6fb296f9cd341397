"""Addresses of the pages for everybody."""

from django.urls import path

from decompte.portal.public import views

app_name = "public"
urlpatterns = [
    path("what-comes-back/", views.what_comes_back, name="what_comes_back"),
    path("check/", views.check, name="check"),
    path("check/lines/", views.check_lines, name="check_lines"),
    path("check/letter/", views.letter, name="letter"),
]
