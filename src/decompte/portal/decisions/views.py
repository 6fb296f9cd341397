"""What a request would come to, for its member, before it is sent."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from decompte.engine.explain import explain
from decompte.errors import Refusal
from decompte.portal.decisions import services
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.requests import services as requests


@login_required
def estimate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the estimate of a request: part of its page, or a page of its own without scripts."""
    found = requests.find(public_id)
    if found is None or not found.lines.exists():
        raise Http404
    shown: dict[str, object] = {"found": found}
    try:
        settlement = services.estimate(found)
    except Refusal as refusal:
        shown["not_computed"] = [in_language(problem.message) for problem in refusal.problems]
    else:
        shown["payable_cents"] = services.payable_cents(settlement)
        shown["computed"] = [
            {"amounts": line, "reasons": explain(line)} for line in settlement.lines
        ]
    is_part = bool(request.headers.get("HX-Request"))
    page = "decisions/estimate.html" if is_part else "decisions/estimate_page.html"
    return render(request, page, shown)
