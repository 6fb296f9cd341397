"""Pages of corrections and of amounts set by hand: one proposes, another reads and approves."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from decompte.errors import Refusal
from decompte.portal.agency import access, corrections, page, reading
from decompte.portal.agency.guard import able, has
from decompte.portal.decisions import amendments, changes
from decompte.portal.decisions.outcome import ByHand, euros
from decompte.portal.idempotency.forms import remembered
from decompte.portal.people import conflicts
from decompte.portal.people import services as people
from decompte.portal.people.forms import add_refusal
from decompte.portal.people.templatetags.words import in_language, language
from decompte.portal.requests import answers, phrases, worklists
from decompte.portal.requests import services as requests
from decompte.portal.requests.forms import CareLineForm, PriceField
from decompte.portal.requests.states import State


class WhyForm(forms.Form):
    """Why a decision is to differ."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"))
    words = forms.CharField(
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, kind: str, lang: str, *args: Any, **kwargs: Any) -> None:
        """Offer the reasons of what is proposed, and say in which language the member reads."""
        super().__init__(*args, **kwargs)
        is_french = lang == "fr"
        self.fields["words"].label = (
            _("For the member, in French") if is_french else _("For the member, in English")
        )
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.code, in_language(one.label)) for one in phrases.KINDS[kind]]


class ByHandForm(forms.Form):
    """Amounts of one line that a person sets; empty ones are computed."""

    amo_cents = PriceField(
        label=gettext_lazy("Mandatory part set by hand"),
        required=False,
        help_text=gettext_lazy("Leave both empty and the amount is computed."),
    )
    amc_cents = PriceField(label=gettext_lazy("Complementary part set by hand"), required=False)

    def set_by_hand(self, line: int) -> ByHand | None:
        """Return what was set for a line, or None."""
        amo, amc = self.cleaned_data["amo_cents"], self.cleaned_data["amc_cents"]
        return None if amo is None and amc is None else ByHand(line, amo or 0, amc or 0)


class LineForms:
    """The forms of a proposal: why, and for each line its facts and the amounts set by hand.

    Before there is a decision the facts are put right on the file itself, so only amounts are set.
    """

    def __init__(self, found: Any, kind: str, data: Any) -> None:
        """Show the lines as they stand, or as they were typed."""
        self.why = WhyForm(kind, found.member.user.language, data)
        self.lines = list(found.lines.all())
        is_correction = kind == "correction"
        self.pairs = [
            (
                CareLineForm(data, prefix=f"line{n}", initial=page.as_typed(line))
                if is_correction
                else None,
                ByHandForm(data, prefix=f"hand{n}"),
                line,
            )
            for n, line in enumerate(self.lines, start=1)
        ]

    def is_valid(self) -> bool:
        """Return whether every form holds; all are asked, so that all errors show."""
        every = [self.why, *(form for pair in self.pairs for form in pair[:2] if form)]
        return not [form for form in every if not form.is_valid()]

    def proposal(self) -> amendments.Proposal:
        """Return what was typed as a proposal."""
        said = self.why.cleaned_data
        lines, by_hand = [], []
        for n, (facts, hand, line) in enumerate(self.pairs, start=1):
            lines.append(amendments.written(line) | (facts.cleaned_data if facts else {}))
            if one := hand.set_by_hand(n):
                by_hand.append(one)
        return amendments.Proposal(lines, tuple(by_hand), said["reason"], said["words"])


@able("review")
def amend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Propose a correction, or amounts set by hand; a second person decides."""
    found = requests.find(public_id)
    if found is None or found.state == State.DRAFT:
        raise Http404
    if stopped := access.barred(request, found):
        return stopped
    kind = amendments.kind_of(found)
    if kind is None:
        raise Http404
    asked = LineForms(found, kind, request.POST or None)
    if request.method == "POST" and asked.is_valid():
        try:
            seen = reading.version(request.POST)
            made = amendments.propose(found, asked.proposal(), request.user, seen)
        except Refusal as refusal:
            add_refusal(asked.why, refusal)
            found.refresh_from_db()
        else:
            messages.success(request, _("Proposed; a second person decides."))
            return redirect("agency:amendment", public_id=made.public_id)
    access.opened(request, found)
    return render(
        request,
        "agency/amend.html",
        {"forms": asked, "kind": kind, **page.sheet_of(found)},
        status=422 if request.method == "POST" else 200,
    )


@able("review")
@remembered
def amendment(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a proposal with what it comes to and its letter; approve it or turn it down."""
    found = amendments.find(public_id)
    if found is None:
        raise Http404
    if access.is_near(request, found.request):
        return access.stopped_as_near(request, found.request)
    problems: list[str] = []
    if request.method == "POST":
        try:
            if done := _answered(request, found):
                return done
        except Refusal as refusal:
            problems = [in_language(p.message) for p in refusal.problems]
            found = amendments.find(public_id)
            assert found is not None
    access.opened(request, found.request)
    return render(
        request,
        "agency/amendment.html",
        _shown(request, found, problems),
        status=422 if problems else 200,
    )


@able("review")
def waiting(request: HttpRequest) -> HttpResponse:
    """List the proposals that wait for a second person, oldest first."""
    waiting_ = amendments.waiting()
    near = conflicts.among(request.user, [one.member_id for one in waiting_])
    shown = [one for one in waiting_ if one.member_id not in near]
    return render(request, "agency/amendments.html", {"amendments": shown})


def _answered(request: HttpRequest, found: Any) -> HttpResponse | None:
    """Do what the button says; None when the reader may not."""
    is_mine = found.proposed_by_id == request.user.pk
    if request.POST.get("verdict") == "approve":
        if not has(request, "adjudicate"):
            raise Http404
        shown_cents = reading.number(request.POST, "shown", -1)
        is_first = corrections.approve(found, request.user, shown_cents)
        done = _("Approved: decided, ordered, and the letter was sent.")
    elif is_mine or has(request, "adjudicate"):
        words = reading.text(request.POST, "answer")
        is_first = amendments.turn_down(found, request.user, words)
        done = _("Taken back.") if is_mine else _("Turned down.")
    else:
        raise Http404
    if is_first:
        messages.success(request, done)
    else:
        messages.warning(request, _("Somebody answered this proposal before."))
    if request.POST.get("verdict") == "approve":
        following = worklists.following(found.request_id, request.user)
        if following is not None and amendments.how_many() == 0:
            return redirect("agency:review", public_id=following.public_id)
    return redirect("agency:amendments")


def _shown(request: HttpRequest, found: Any, problems: list[str]) -> dict[str, Any]:
    is_open, can_adjudicate = found.decided_by_id is None, has(request, "adjudicate")
    is_mine = found.proposed_by_id == request.user.pk
    shown: dict[str, Any] = {
        "found": found,
        "why": answers.reason(found.kind, found.reason),
        "by_hand": [
            (one["line"], euros(one["amo_cents"]), euros(one["amc_cents"])) for one in found.by_hand
        ],
        "is_open": is_open,
        "is_mine": is_mine,
        "can_approve": is_open and can_adjudicate and not is_mine,
        "can_turn_down": is_open and (is_mine or can_adjudicate),
        "people": {
            "proposed": people.staff_role(found.proposed_by),
            "decided": people.staff_role(found.decided_by) if found.decided_by else None,
        },
    }
    if is_open:
        try:
            outlook = corrections.outlook(found)
        except Refusal as refusal:
            problems = [*problems, *(in_language(p.message) for p in refusal.problems)]
            shown["can_approve"] = False
        else:
            shown["outlook"] = outlook
            if outlook.before:
                lang = language()
                shown["changes"] = changes.changes(outlook.before, outlook.after, lang)
    return shown | {"problems": problems}
