"""Addresses of the pages about programs."""

from django.urls import path

from decompte.portal.api import views

app_name = "handovers"
urlpatterns = [
    path("applications/", views.applications, name="applications"),
    path("applications/<str:public_id>/end/", views.revoke, name="revoke"),
    path("<str:public_id>/", views.agree, name="agree"),
    path("<str:public_id>/back/", views.back, name="back"),
]
