"""Addresses of the registration."""

from django.urls import path

from decompte.portal.registration import certificates, membership, wizard

app_name = "registration"
urlpatterns = [
    path("step/<int:number>/", wizard.step, name="step"),
    path("membership/", membership.membership, name="membership"),
    path("certificate.pdf", certificates.certificate, name="certificate"),
    path("certificate/", certificates.check, name="check_any"),
    path("certificate/<str:code>/", certificates.check, name="check"),
]
