"""Addresses of the member's appointments."""

from django.urls import path

from decompte.portal.appointments import views

app_name = "appointments"
urlpatterns = [
    path("for/<str:public_id>/", views.choose, name="choose"),
    path("<str:public_id>/", views.detail, name="detail"),
    path("<str:public_id>/cancel/", views.cancel, name="cancel"),
    path("<str:public_id>/appointment.ics", views.calendar, name="calendar"),
]
