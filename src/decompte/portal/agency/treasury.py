"""The treasury pages: what the bank answers, what members owe, what the books say."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from decompte.errors import Refusal
from decompte.portal.agency.guard import able
from decompte.portal.idempotency.forms import once
from decompte.portal.payments import services
from decompte.portal.people import services as people
from decompte.portal.people.forms import add_refusal
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.requests import worklists

TROUBLES = {
    "unknown": gettext_lazy("names no payment of ours"),
    "wrong-amount": gettext_lazy("names a payment, with another amount"),
    "not-sent": gettext_lazy("names a payment that never left"),
    "twice": gettext_lazy("was told before, under another name"),
}


class BankFileForm(forms.Form):
    """A file of the bank."""

    file = forms.FileField(label=gettext_lazy("File of the bank"))


class ExplainForm(forms.Form):
    """What a movement of the bank is about: a payment of ours, or where it belongs."""

    reference = forms.CharField(
        label=gettext_lazy("Request it is about (reference)"), required=False, max_length=20
    )
    account = forms.ChoiceField(
        label=gettext_lazy("Or the account it belongs to"),
        required=False,
        choices=(
            ("", "—"),
            ("fees", gettext_lazy("Bank's fees")),
            ("contributions", gettext_lazy("Contributions")),
            ("till", gettext_lazy("Received otherwise than through the bank")),
        ),
    )
    reason = forms.CharField(label=gettext_lazy("What you found out"), max_length=300)


class ProposalForm(forms.Form):
    """To forgive a part of a debt, or to book it as paid back."""

    how = forms.ChoiceField(
        label=gettext_lazy("What is to happen"),
        choices=(
            ("collected", gettext_lazy("Paid back by the member")),
            ("forgiven", gettext_lazy("Given up by the agency")),
        ),
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Amount in euros"), min_value=0, max_digits=9, decimal_places=2
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


@able("pay")
@once
def bank(request: HttpRequest) -> HttpResponse:
    """Show what the bank told and what waits for a person; read a file of the bank."""
    role = people.role_of(request)
    assert role is not None
    form = BankFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            read = services.read_bank_file(role.agency, content, people.actor(request))
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            lines = sum(len(services.lines_of(file)) for file in read)
            messages.success(
                request, _("The file was read; it tells of %(count)s things.") % {"count": lines}
            )
            return redirect("agency:bank")
    return render(
        request,
        "agency/bank.html",
        {
            "form": form,
            "open": [(line, TROUBLES[line.trouble]) for line in services.work_list()],
            "held": services.held(),
            "gaps": services.gaps(role.agency),
            "files": services.bank_files(),
            "unexplained_cents": services.unexplained_cents(role.agency),
        },
        status=422 if form.is_bound else 200,
    )


@able("pay")
@once
def line(request: HttpRequest, public_id: str) -> HttpResponse:
    """Explain one movement of the bank."""
    found = services.find_line(public_id)
    if found is None:
        raise Http404
    form = ExplainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            is_first = _explain(found, form.cleaned_data, request.user)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request,
                _("This movement is explained.")
                if is_first
                else _("Somebody explained this movement before."),
            )
            return redirect("agency:bank")
    return render(
        request,
        "agency/bank_line.html",
        {"line": found, "trouble": TROUBLES.get(found.trouble, ""), "form": form},
        status=422 if form.is_bound else 200,
    )


@able("pay")
@require_POST
@once
def resume(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send an order that came back again, to the account its member has now."""
    order = services.find_order(public_id)
    if order is None:
        raise Http404
    try:
        services.resume(order, people.actor(request))
    except Refusal as refusal:
        messages.error(request, in_language(refusal.problems[0].message))
    else:
        messages.success(request, _("The payment leaves with the next file."))
    return redirect("agency:bank")


@able("pay")
def owed(request: HttpRequest) -> HttpResponse:
    """Show what members owe, and what waits for a second person."""
    owing = services.owing()
    debts = [
        {
            "debt": one,
            "proposal": next((p for p in one.proposals.all() if not p.decided_by_id), None),
        }
        for one in owing
    ]
    return render(
        request,
        "agency/owed.html",
        {"debts": debts, "total_cents": sum(one.left_cents for one in owing)},
    )


@able("pay")
@once
def debt(request: HttpRequest, public_id: str) -> HttpResponse:
    """Propose what is to happen to a debt, or decide about a proposal as the second person."""
    found = services.find_debt(public_id)
    if found is None:
        raise Http404
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.propose(
                found, said["how"], int(said["amount"] * 100), said["reason"], request.user
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Proposed; a second person decides."))
            return redirect("agency:owed")
    return render(
        request,
        "agency/debt.html",
        {"debt": found, "takings": list(found.takings.all()), "form": form},
        status=422 if form.is_bound else 200,
    )


@able("pay")
@require_POST
@once
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Approve or turn down a proposal as its second person."""
    found = services.find_proposal(public_id)
    if found is None:
        raise Http404
    is_approved = request.POST.get("verdict") == "approve"
    try:
        services.decide(found, request.user, is_approved=is_approved)
    except Refusal as refusal:
        messages.error(request, in_language(refusal.problems[0].message))
    else:
        messages.success(request, _("Approved.") if is_approved else _("Turned down."))
    return redirect("agency:owed")


@able("pay")
def books(request: HttpRequest) -> HttpResponse:
    """Show the balance of every account, and what the quick checks find."""
    role = people.role_of(request)
    assert role is not None
    return render(
        request,
        "agency/books.html",
        {"balances": services.balances(role.agency), "problems": services.books()},
    )


def _explain(found: Any, said: dict[str, Any], user: Any) -> bool:
    """Book a line by what the officer said: a payment's request, or an account.

    Raises:
        Refusal: neither or both are given, or the reference is unknown here.
    """
    named = said["reference"].strip()
    if (collection := services.find_collection(named)) and not said["account"]:
        return services.match(found, collection, said["reason"], user)
    if reference := named.removeprefix("D"):
        request = worklists.by_reference(reference)
        order = services.order_of_request(request.pk) if request else None
        if order is None or said["account"]:
            raise services.refusal("order.unknown")
        return services.match(found, order, said["reason"], user)
    return services.explain(found, said["account"], said["reason"], user)
