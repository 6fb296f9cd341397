"""The solidarity cover: whose application it is, and what an income gives."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from decompte.errors import Refusal
from decompte.portal import clock
from decompte.portal.guide.forms import HouseholdForm
from decompte.portal.people.forms import add_refusal
from decompte.procedure.solidarity import EURO, Household, monthly_sources, solidarity


def page(request: HttpRequest) -> HttpResponse:
    """Say whose application the solidarity cover is, its ceilings, and what an income gives."""
    form = HouseholdForm(request.GET or None, initial={"on": clock.today()})
    shown: dict[str, Any] = {"form": form, "forms": (form,)}
    if request.GET and form.is_valid():
        told = dict(form.cleaned_data)
        euros = told.pop("income")
        cents = None if euros is None else euros * EURO
        try:
            shown["found"] = solidarity(Household(**told, income_cents=cents))
            shown["monthly_sources"] = monthly_sources()
        except Refusal as refusal:
            add_refusal(form, refusal)
    shown["is_wrong"] = bool(form.errors)
    return render(request, "guide/household.html", shown, status=422 if form.errors else 200)
