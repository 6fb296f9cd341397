"""Addresses of the pages about one's data."""

from django.urls import path

from decompte.portal.rights import views

app_name = "rights"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("export/", views.export, name="export"),
    path("choices/", views.choose, name="choose"),
    path("close/", views.close, name="close"),
]
