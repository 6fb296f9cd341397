"""Changes of life, and the letters they and late answers need, ready to sign."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from decompte.documents.letter import Letter, letter_pdf
from decompte.documents.words import day_in_words
from decompte.engine.explain import euros
from decompte.errors import LANGS, Lang, Refusal, Text
from decompte.portal import clock
from decompte.portal.guide.forms import ChangeForm, LetterForm, StoryForm
from decompte.portal.people import services as people
from decompte.portal.people.forms import add_refusal
from decompte.portal.people.templatetags.words import in_language
from decompte.procedure import letters as drafts
from decompte.procedure.agencies import address_on, agencies, cpam_of
from decompte.procedure.changes import Change, consequence
from decompte.procedure.contribution import amount_of
from decompte.procedure.late import Story, steps
from decompte.procedure.letters import Draft, draft, recipient
from decompte.procedure.years import academic_year

ASKS: Mapping[str, frozenset[str]] = {
    "reminder": frozenset({"agency", "department", "sent_on", "care_date"}),
    "duplicate": frozenset({"doctor", "care_date"}),
    "complaint": frozenset({"agency", "department", "sent_on", "care_date"}),
    "mediator": frozenset({"department", "sent_on", "care_date"}),
    "appeal": frozenset({"department", "decision_on", "care_date", "why"}),
    "court": frozenset({"appeal_on", "care_date", "why"}),
    "refund": frozenset({"why"}),
    "moving": frozenset({"agency", "department", "why"}),
    "leaving": frozenset({"agency", "department"}),
    "mutation": frozenset({"department"}),
}
DAYS = ("on", "care_date", "sent_on", "decision_on", "appeal_on")
NUMBER = Text(fr="Numéro de sécurité sociale : {number}", en="Social security number: {number}")
GREETING = Text(fr="Madame, Monsieur,", en="Dear Sir or Madam,")
CLOSING = Text(fr="Avec mes salutations respectueuses,", en="Yours faithfully,")


def change(request: HttpRequest) -> HttpResponse:
    """Say what a change of life brings about, on which day, with the letter it needs."""
    form = ChangeForm(request.GET or None)
    shown: dict[str, Any] = {"form": form, "forms": (form,)}
    if request.GET and form.is_valid():
        try:
            shown["found"] = consequence(Change(**form.cleaned_data))
        except Refusal as refusal:
            for problem in refusal.problems:
                name = problem.field.removeprefix("change.")
                form.add_error(name, in_language(problem.message))
    shown["is_wrong"] = bool(form.errors)
    return render(request, "guide/change.html", shown, status=422 if form.errors else 200)


def late(request: HttpRequest) -> HttpResponse:
    """Say what can be done about a late or wrong answer, each step with its days and letter."""
    form = StoryForm(request.GET or None)
    shown: dict[str, Any] = {"form": form, "forms": (form,)}
    if request.GET and form.is_valid():
        try:
            shown["steps"] = steps(Story(**form.cleaned_data, on=clock.today()))
        except Refusal as refusal:
            add_refusal(form, refusal)
    shown["is_wrong"] = bool(form.errors)
    return render(request, "guide/late.html", shown, status=422 if form.errors else 200)


def letters(request: HttpRequest) -> HttpResponse:
    """Show every letter that is ready to sign."""
    return render(request, "guide/letters.html", {"kinds": drafts.kinds()})


def letter(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask what a letter tells, and return it as a PDF ready to sign: in French, for its reader.

    Who wants to know what they sign may read it in English (`to_read`).
    """
    if kind not in drafts.kinds():
        raise Http404
    told = request.POST if request.method == "POST" else None
    form = LetterForm(told, wanted=ASKS[kind], initial={**_sender(request), **request.GET.dict()})
    if request.method == "POST" and form.is_valid():
        try:
            return _pdf(kind, form.cleaned_data, "en" if "to_read" in request.POST else "fr")
        except Refusal as refusal:
            add_refusal(form, refusal)
    shown = {
        "form": form,
        "forms": (form,),
        "is_wrong": bool(form.errors),
        "name": drafts.kinds()[kind],
    }
    return render(request, "guide/letter.html", shown, status=422 if form.errors else 200)


def _sender(request: HttpRequest) -> dict[str, Any]:
    """Return what the account knows of who writes; nothing for somebody who is not signed in."""
    member = people.member_of(request.user) if request.user.is_authenticated else None
    if member is None:
        return {}
    lines = (
        member.address_line,
        member.address_extra,
        f"{member.postal_code} {member.city.upper()}",
    )
    return {
        "name": member.name,
        "address": "\n".join(line for line in lines if line),
        "agency": member.agency if member.agency in agencies() else "",
    }


def _pdf(kind: str, told: dict[str, Any], lang: Lang) -> HttpResponse:
    day = told.get("on") or clock.today()
    words = _words(told, day)
    written = draft(kind, words)
    sent = Letter(
        sender=(told["name"], *told["address"]),
        recipient=_recipient(written, told, day, words, lang),
        place="",
        day=day,
        subject=written.subject.to(lang),
        reference=NUMBER.fill(number=told["number"]).to(lang) if told["number"] else "",
        paragraphs=(GREETING.to(lang), *(text.to(lang) for text in written.paragraphs)),
        enclosures=tuple(text.to(lang) for text in written.enclosures),
        closing=CLOSING.to(lang),
        signature=told["name"],
    )
    response = HttpResponse(letter_pdf(sent, lang=lang), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{kind}.pdf"'
    return response


def _words(told: Mapping[str, Any], day: date) -> dict[str, Text]:
    """Return what the sender told, in both languages, for the names in braces."""
    year = academic_year(day)
    cents = amount_of(year)
    words = {
        name: Text(**{lang: day_in_words(told[name], lang) for lang in LANGS})
        for name in DAYS
        if told.get(name)
    }
    words |= {
        name: Text(fr=told[name], en=told[name]) for name in ("doctor", "why") if told.get(name)
    }
    words["on"] = Text(**{lang: day_in_words(day, lang) for lang in LANGS})
    words["year"] = Text(fr=f"{year}-{year + 1}", en=f"{year}-{year + 1}")
    if cents:
        words["amount"] = Text(fr=euros(cents, "fr"), en=euros(cents, "en"))
    fund = cpam_of(f"FR-{told['department'].upper()}") if told.get("department") else None
    if fund:
        words["fund"] = fund.name
    return words


def _recipient(
    written: Draft, told: Mapping[str, Any], day: date, words: Mapping[str, Text], lang: Lang
) -> tuple[str, ...]:
    """Return the address: an agency's that is alive on the day, or a name to complete by hand."""
    if written.to not in {"agency", "cpam"}:
        return (*recipient(written.to, day, words), drafts.BLANK, drafts.BLANK)
    chosen = told.get("agency") or ""
    if chosen and (alive := address_on(chosen, day)):
        return alive.lines
    return tuple(_by_hand(chosen, day, words, lang))


def _by_hand(chosen: str, day: date, words: Mapping[str, Text], lang: Lang) -> Iterator[str]:
    one = agencies().get(chosen)
    is_there = one is not None and day <= (one.until or day)
    yield (
        one.name.to(lang)
        if one and is_there
        else words.get("fund", Text(fr="CPAM", en="CPAM")).to(lang)
    )
    yield drafts.BLANK
    yield drafts.BLANK
