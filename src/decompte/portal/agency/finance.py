"""The finance pages: what is to be paid, payment files, the second person."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from decompte.errors import Refusal
from decompte.portal import clock
from decompte.portal.agency import reading
from decompte.portal.agency.guard import able, has
from decompte.portal.idempotency.forms import once, remembered
from decompte.portal.payments import services
from decompte.portal.people import services as people
from decompte.portal.people.again import shown_again
from decompte.portal.people.forms import add_refusal, day_field
from decompte.portal.people.templatetags.words import in_language

SHOWN = 100

PAGE = 100


class PrepareForm(forms.Form):
    """When the bank is to pay."""

    execution_date = day_field(gettext_lazy("Day of payment"))


@able("pay")
@once
def orders(request: HttpRequest) -> HttpResponse:
    """Show what waits to be paid, and make a payment file of it."""
    tomorrow = clock.today() + timedelta(days=1)
    form = PrepareForm(request.POST or None, initial={"execution_date": tomorrow})
    if request.method == "POST" and not has(request, "prepare"):
        raise Http404
    if request.method == "POST" and form.is_valid():
        role = people.role_of(request)
        assert role is not None
        try:
            batch = services.prepare(role.agency, request.user, form.cleaned_data["execution_date"])
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The payment file is made; a second person releases it."))
            return redirect("agency:batch", public_id=batch.public_id)
    count, total_cents = services.waiting_sum()
    return render(
        request,
        "agency/payments.html",
        {
            "orders": services.waiting(SHOWN),
            "count": count,
            "total_cents": total_cents,
            "batches": services.batches(),
            "form": form,
            "can_prepare": has(request, "prepare"),
        },
        status=422 if form.is_bound else 200,
    )


@able("pay")
def batch(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a payment file."""
    return _batch(request, _found(public_id))


@able("approve")
@require_POST
@shown_again
@remembered
def release(request: HttpRequest, public_id: str) -> HttpResponse:
    """Release a payment file as the second person."""
    found = _found(public_id)
    try:
        is_first = services.release(found, request.user, request.POST.get("digest", ""))
    except Refusal as refusal:
        return _batch(request, found, [in_language(p.message) for p in refusal.problems])
    messages.success(
        request,
        _("The payment file was released.")
        if is_first
        else _("This file was released before; nothing was paid twice."),
    )
    return redirect("agency:batch", public_id=public_id)


@able("pay")
@require_POST
@once
def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Discard a prepared payment file; its orders wait again."""
    services.discard(_found(public_id), request.user)
    messages.success(request, _("The payment file was discarded; its orders wait again."))
    return redirect("agency:payments")


@able("pay")
@shown_again
def download(_request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a payment file as XML."""
    found = _found(public_id)
    return HttpResponse(
        services.content(found),
        content_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{found.msg_id}.xml"'},
    )


def _batch(request: HttpRequest, found: Any, problems: list[str] | None = None) -> HttpResponse:
    return render(
        request,
        "agency/batch.html",
        {
            "batch": found,
            "rows": _paged(request, found),
            "problems": problems or [],
            "is_preparer": found.prepared_by_id == request.user.pk,
            "can_approve": has(request, "approve"),
        },
        status=422 if problems else 200,
    )


def _paged(request: HttpRequest, found: Any) -> Page[Any]:
    """Return one page of what is in a file: a week of a large agency has thousands."""
    rows = services.collected_in(found) if found.is_debit else services.ordered_in(found)
    return Paginator(rows, PAGE).get_page(reading.text(request.GET, "page", 6))


def _found(public_id: str) -> Any:
    found = services.find_batch(public_id)
    if found is None:
        raise Http404
    return found
