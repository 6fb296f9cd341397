"""The member's pages about the contribution: what is owed, the mandate, and paying by card."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from decompte.documents.mandate import LEAVE, REFUND, SignedMandate, mandate_pdf
from decompte.errors import Refusal
from decompte.portal import clock
from decompte.portal.idempotency.forms import once
from decompte.portal.payments import contributions, mandates, till
from decompte.portal.payments.states import DueState
from decompte.portal.people import sealing
from decompte.portal.people import services as people
from decompte.portal.people.forms import add_refusal
from decompte.portal.people.templatetags.words import in_language, language
from decompte.portal.registration import services as registration

WAITING = (DueState.OPEN, DueState.HELD)


class MandateForm(forms.Form):
    """The account to collect from, and the signature."""

    holder = forms.CharField(
        label=gettext_lazy("Account holder"),
        max_length=70,
        help_text=gettext_lazy("As written on your bank details."),
    )
    iban = forms.CharField(
        label=gettext_lazy("IBAN"),
        max_length=42,
        required=False,
        help_text=gettext_lazy("Begins with FR and two digits; spaces do not matter."),
    )
    signed = forms.BooleanField(
        label=gettext_lazy("I sign this mandate"),
        error_messages={"required": gettext_lazy("Without your signature nothing is collected.")},
    )


@login_required
@once
def contribution(request: HttpRequest) -> HttpResponse:
    """Show what is owed for this year and how it is paid; sign the mandate."""
    member, registered = _registered(request)
    due = contributions.owe(registered, people.actor(request))
    account = people.bank_account(member.pk)
    holder = account.holder if account else member.name
    form = MandateForm(request.POST or None, initial={"holder": holder})
    if account is None:
        form.fields["iban"].required = True
    creditor = settings.DEBTORS[registered.agency]
    if request.method == "POST" and not (due and creditor["creditor_id"]):
        raise Http404
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["iban"].strip()
        try:
            mandates.sign(
                member,
                registered.agency,
                holder=form.cleaned_data["holder"],
                iban=typed or people.iban(people.needed_bank_account(member.pk)).reveal(),
                actor=people.actor(request),
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Your mandate is signed."))
            return redirect("contribution:contribution")
    return render(
        request,
        "payments/contribution.html",
        {
            "due": due,
            "is_waiting": due is not None and due.state in WAITING,
            "year": f"{registered.academic_year}–{registered.academic_year + 1}",
            "collection": due.collections.order_by("-id").first() if due else None,
            "mandate": mandates.mandate_of(member.pk, registered.agency),
            "form": form,
            "forms": (form,),
            "can_debit": bool(creditor["creditor_id"]),
            "account": account,
            "creditor": creditor,
            "has_till": till.provider() is not None,
            "leave": in_language(LEAVE.fill(creditor=creditor["name"])),
            "refund": in_language(REFUND),
        },
        status=422 if form.is_bound else 200,
    )


@login_required
def mandate_paper(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a mandate of the member's own as PDF."""
    found = mandates.find_mandate(public_id)
    if found is None:
        raise Http404
    member, creditor = found.member, settings.DEBTORS[found.agency]
    parts = (member.address_line, member.address_extra, f"{member.postal_code} {member.city}")
    paper = SignedMandate(
        reference=found.reference,
        creditor=creditor["name"],
        creditor_id=creditor["creditor_id"],
        name=member.name,
        holder=found.holder,
        address=", ".join(filter(None, parts)),
        iban=sealing.open_sealed(found.iban_sealed, people.IBAN_CONTEXT).decode(),
        bic=found.bic,
        signed_on=found.signed_on,
        ended_on=timezone.localtime(found.ended_at).date() if found.ended_at else None,
        day=clock.today(),
    )
    return HttpResponse(
        mandate_pdf(paper, lang=language()),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{found.reference}.pdf"'},
    )


@login_required
@require_POST
def end_mandate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a mandate back; twice is once."""
    found = mandates.find_mandate(public_id)
    if found is None:
        raise Http404
    if mandates.end(found, "member", people.actor(request)):
        messages.success(request, _("The mandate has ended: nothing more is collected under it."))
    return redirect("contribution:contribution")


@login_required
@require_POST
def by_card(request: HttpRequest) -> HttpResponse:
    """Take the member to whoever takes card payments here."""
    _member, registered = _registered(request)
    due = contributions.owe(registered, people.actor(request))
    provider = till.provider()
    if provider is None or due is None:
        raise Http404
    if due.state not in WAITING:
        messages.info(request, _("There is nothing to pay at this moment."))
        return redirect("contribution:contribution")
    return redirect(provider.begin(due.public_id, due.amount_cents))


@login_required
def local_till(request: HttpRequest, token: str) -> HttpResponse:
    """Show the demonstration's till, or take the answer typed at it back to the portal."""
    provider = till.provider()
    if not isinstance(provider, till.LocalTill):
        raise Http404
    cents = provider.asked(token)
    if cents is None:
        messages.error(request, _("This payment took too long; nothing was paid. Begin again."))
        return redirect("contribution:contribution")
    if request.method == "POST":
        answer = provider.pay(token, is_paid=request.POST.get("answer") == "pay")
        return redirect(reverse("contribution:back", args=[answer]))
    return render(request, "payments/till.html", {"amount_cents": cents})


@login_required
def back(request: HttpRequest, answer: str) -> HttpResponse:
    """Book what the provider says of a payment; the same answer twice is booked once."""
    provider = till.provider()
    said = provider.outcome(answer) if provider else None
    due = contributions.find_due(said.due) if said else None
    if said is None or due is None:
        raise Http404
    if not said.is_paid:
        messages.warning(request, _("Nothing was paid."))
    else:
        why = _("Paid by card, number %(number)s") % {"number": said.number}
        contributions.paid_otherwise(due, why, request.user)
        messages.success(request, _("Your contribution is paid. Thank you."))
    return redirect("contribution:contribution")


def _registered(request: HttpRequest) -> tuple[Any, Any]:
    """Return the member and the newest confirmed registration with an agency.

    Raises:
        Http404: there is none.
    """
    member = people.member_of(request.user)
    found = registration.confirmed(member.pk) if member else None
    if member is None or found is None or not found.agency:
        raise Http404
    return member, found
