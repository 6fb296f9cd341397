"""Addresses of the pages about oneself."""

from django.urls import path

from decompte.portal.people import views

urlpatterns = [
    path("gp/", views.gp, name="gp"),
    path("bank/", views.bank, name="bank"),
    path("bank/keep/", views.keep_bank, name="keep_bank"),
    path("card/", views.card, name="card"),
    path("typed/", views.typed_again, name="typed"),
    path("identity/", views.identity, name="identity"),
]
