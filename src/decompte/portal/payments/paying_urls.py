"""Addresses of the member's pages about the contribution."""

from django.urls import path

from decompte.portal.payments import paying

app_name = "contribution"
urlpatterns = [
    path("", paying.contribution, name="contribution"),
    path("mandates/<str:public_id>.pdf", paying.mandate_paper, name="mandate"),
    path("mandates/<str:public_id>/end/", paying.end_mandate, name="end_mandate"),
    path("card/", paying.by_card, name="card"),
    path("till/<str:token>/", paying.local_till, name="till"),
    path("back/<str:answer>/", paying.back, name="back"),
]
