"""What a school says of a student, in the words in which the guide would have asked it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from decompte.portal.api.shapes import RegistrationIn
from decompte.portal.people.templatetags.words import in_language
from decompte.procedure.questions import Question, questions

SHOWN_ALREADY = {"study.from", "study.to"}
WORDED = {"many", "sets", "choice", "yes-no"}


class Said(NamedTuple):
    """One thing that is said, as a question and its answer."""

    question: str
    answer: str


def said(registration: Mapping[str, Any]) -> list[Said]:
    """Return what a registration says beside the days of study; nothing for what is usual.

    Args:
        registration: as a hand-over keeps it.
    """
    told = RegistrationIn(**registration)
    written = told.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    facts = dict(_paths({"person": written.get("situation", {}), "study": written["study"]}))
    facts = {path: value for path, value in facts.items() if path not in SHOWN_ALREADY}
    found = []
    for question in questions().values():
        if question.kind in WORDED and (answer := _answer(question, facts)):
            found.append(Said(in_language(question.ask), answer))
    rest = [Said(_names()[path], _value(value)) for path, value in facts.items()]
    return found + rest + _card(written.get("card", {}))


def _answer(question: Question, facts: dict[str, Any]) -> str:
    """Return the answer that the facts give to a question, and take those facts away."""
    if question.kind == "sets":
        chosen = [one for one in question.options if one.sets.items() <= facts.items()]
        for one in chosen:
            for path in one.sets:
                facts.pop(path, None)
    else:
        value = facts.pop(question.fields[0], None)
        if question.kind == "yes-no":
            return "" if value is None else _value(value)
        values = value if isinstance(value, list) else [value]
        known = {one.value: one for one in question.options}
        chosen = [known[one] for one in values if one in known]
        if value and not chosen:
            return ", ".join(str(one) for one in values)
    return "; ".join(in_language(one.label) for one in chosen)


def _card(card: Mapping[str, str]) -> list[Said]:
    return [Said(_names()[f"card.{name}"], value) for name, value in card.items()]


def _paths(values: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        path = f"{start}{name}"
        if isinstance(value, Mapping):
            yield from _paths(value, f"{path}.")
        else:
            yield path, value


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value)


def _names() -> dict[str, str]:
    """Return what no question asks, by path, in words."""
    return {
        "person.work.hours_per_month": _("Hours of paid work in a month"),
        "person.work.hours_per_quarter": _("Hours of paid work in three months"),
        "person.work.hours_per_year": _("Hours of paid work in a year"),
        "person.work.whole_year": _("Work through the whole year"),
        "person.work.broken": _("The contract of work has ended"),
        "person.partner_covered": _("Insured through a partner who is not a student"),
        "person.born_abroad": _("Born abroad"),
        "person.visa": _("Visa"),
        "person.national_service": _("National service was done"),
        "person.disabled": _("A disability"),
        "person.interruption_months": _("Months for which the studies were interrupted"),
        "study.establishment": _("School"),
        "study.kind": _("Kind of studies"),
        "study.approved": _("School agreed for the student scheme"),
        "study.paid_elsewhere": _("Contribution paid at another school already"),
        "study.abroad": _("Year of studies abroad"),
        "study.doctorate_since": _("Doctorate begun on"),
        "card.country": _("Country of the card"),
        "card.expires_on": _("Expiry date of the card"),
    }
