"""Each agency on a page of its own: where it pays, its addresses through time, where to ask."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from decompte.portal import clock
from decompte.procedure.agencies import agencies


def index(request: HttpRequest) -> HttpResponse:
    """List the agencies, those that students chose and those that cover them today."""
    today = clock.today()
    found = [(one, one.until is None or one.until >= today) for one in agencies().values()]
    return render(request, "guide/agencies.html", {"agencies": found})


def page(request: HttpRequest, agency: str) -> HttpResponse:
    """Show one agency."""
    found = agencies().get(agency)
    if found is None:
        raise Http404
    shown = {
        "agency": found,
        "departments": sorted(one.removeprefix("FR-") for one in found.departments),
        "has_ended": found.until is not None and found.until < clock.today(),
    }
    return render(request, "guide/agency.html", shown)
