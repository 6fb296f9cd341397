"""The public first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from decompte.engine.explain import explain
from decompte.portal.registration import example

BAR = 1000
PERCENT_BP = 100


def home(request: HttpRequest) -> HttpResponse:
    """Say what this is, with one amount explained."""
    line = example.visit(has_gp=True)
    paid = round(BAR * line.amo_cents / line.line.price_cents)
    return render(
        request,
        "registration/home.html",
        {
            "line": line,
            "rate": line.rate_bp // PERCENT_BP,
            "bar": {"paid": paid, "rest": BAR - paid},
            "reasons": explain(line),
        },
    )
