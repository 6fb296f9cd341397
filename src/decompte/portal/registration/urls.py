"""Addresses of the registration."""

from django.urls import path

from decompte.portal.registration import wizard

app_name = "registration"
urlpatterns = [path("step/<int:number>/", wizard.step, name="step")]
