"""Addresses of the registration."""

from django.urls import path

from decompte.portal.registration import views

app_name = "registration"
urlpatterns = [path("step/<int:number>/", views.step, name="step")]
