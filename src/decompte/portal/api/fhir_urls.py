"""Addresses of the FHIR interface."""

from django.urls import path

from decompte.portal.api import fhir

app_name = "fhir"
urlpatterns = [
    path("", fhir.transaction, name="transaction"),
    path("metadata", fhir.metadata, name="metadata"),
    path("Claim/$submit", fhir.submit, name="submit"),
    path("Claim/<str:identity>/$settle", fhir.settle, name="settle"),
    path("<str:kind>", fhir.of_kind, name="kind"),
    path("<str:kind>/_search", fhir.search, name="search"),
    path("<str:kind>/<str:identity>", fhir.read, name="read"),
]
