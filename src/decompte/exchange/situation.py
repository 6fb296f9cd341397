"""The situation file of `decompte advise`, in and out."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from decompte.engine.explain import euros
from decompte.errors import Lang, Problem
from decompte.exchange.read import (
    Fields,
    Unreadable,
    day,
    finished,
    flag,
    one_of,
    text,
    whole,
)
from decompte.procedure.advise import advise
from decompte.procedure.load import agencies, data
from decompte.procedure.shapes import Advice, Reason, Situation

CARDS = ("ehic", "s1", "se-401-q-102", "se-401-q-106", "private")
HOURS_A_MONTH = 744
LAST_STEP = 9
LETTERS = 2


def answer(document: object, *, today: date) -> Advice:
    """Return the advice for a document in the situation format.

    Raises:
        Refusal: with every problem found, by field.
        NotModelled: the situation is well formed, but not described here yet.
    """
    return advise(read(document, today=today))


def read(document: object, *, today: date) -> Situation:
    """Return the situation of a document in the situation format.

    Raises:
        Refusal: with every problem found, by field.
    """
    problems: list[Problem] = []
    fields = Fields(document, "", problems)
    values = _person(fields.inner("person"))
    values |= _study(fields.inner("study"))
    values |= _choice(fields.inner("choice"))
    values |= _request(fields.inner("request"), today)
    fields.finish(("person", "study", "choice", "request"))
    _check_order(values, fields)
    finished(problems)
    return Situation(**values)


def write(advice: Advice, lang: Lang) -> dict[str, object]:
    """Return an advice in the result format, its sentences in one language."""
    covered, choice = advice.affiliation, advice.choice
    return {
        "affiliation": {
            "status": covered.status,
            "scheme": covered.scheme,
            "agencies": [
                {
                    "id": name,
                    "name": agencies()[name].name.to(lang),
                    "centre": agencies()[name].centre,
                }
                for name in covered.agencies
            ],
            "contribution": f"{covered.contribution_cents // 100}."
            f"{covered.contribution_cents % 100:02d}",
            "from": covered.since.isoformat() if covered.since else None,
            "to": covered.until.isoformat() if covered.until else None,
            "reasons": [_reason(reason, lang) for reason in covered.reasons],
        },
        "choice": {
            "valid": choice.is_valid,
            "errors": [
                {"field": p.field, "code": p.code, "message": p.message.to(lang)}
                for p in choice.errors
            ],
        },
        "send_to": _destination(advice, lang),
        "documents": [
            {
                "kind": paper.kind,
                "label": paper.label.to(lang),
                "required": True,
                "form": "original" if paper.is_original else "copy",
                "keep_copy": paper.keep_copy,
                "valid": paper.valid.to(lang),
                "reasons": [_reason(paper.reason, lang)],
            }
            for paper in advice.papers
        ],
        "deadlines": [
            {
                "what": deadline.what.to(lang),
                "code": deadline.code,
                "until": deadline.until.isoformat() if deadline.until else None,
                "reasons": [_reason(deadline.reason, lang)],
            }
            for deadline in advice.deadlines
        ],
    }


def lines(document: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """Yield a result document as lines of text for a terminal."""
    french = lang == "fr"
    covered = document["affiliation"]
    cents = int(covered["contribution"].replace(".", ""))
    yield (
        ("Affiliation : " if french else "Affiliation: ")
        + f"{covered['status']}, "
        + (f"cotisation {euros(cents, lang)}" if french else f"contribution {euros(cents, lang)}")
    )
    for reason in covered["reasons"]:
        yield f"  - {reason['text']} ({reason['source']['url']})"
    for agency in covered["agencies"]:
        yield f"  · {agency['name']} ({agency['centre']})"
    for error in document["choice"]["errors"]:
        yield f"  ! {error['field']}: {error['message']}"
    if send := document["send_to"]:
        yield ("Envoyer à : " if french else "Send to: ") + ", ".join(
            send["lines"] or [send["name"]]
        )
        if send["appointment"]:
            yield ("  ou appeler le " if french else "  or call ") + send["appointment"]["phone"]
    for paper in document["documents"]:
        yield f"  [ ] {paper['label']} ({paper['form']}): {paper['reasons'][0]['text']}"
    for deadline in document["deadlines"]:
        until = deadline["until"] or ""
        yield f"{deadline['what']} {until}: {deadline['reasons'][0]['text']}"


def _person(fields: Fields) -> dict[str, Any]:
    work = fields.inner("work")
    hours = work.take("hours_per_month", whole(0, HOURS_A_MONTH)) or 0
    whole_year = work.take("whole_year", flag) or False
    work.finish(("hours_per_month", "whole_year"))
    parents = fields.inner("parents")
    schemes = tuple(data("schemes")["student"]["parents"])
    scheme = parents.take("scheme", one_of(schemes)) or "none"
    parents.finish(("scheme",))
    values = {
        "birth_date": fields.take("birth_date", day, required=True),
        "nationality": fields.take("nationality", _country, required=True),
        "residence": fields.take("residence", _department, required=True),
        "cards": fields.take("cards", _cards) or frozenset(),
        "has_scholarship": fields.take("scholarship", flag) or False,
        "work_hours_month": hours,
        "works_whole_year": whole_year,
        "parents_scheme": scheme,
        "is_partner_covered": fields.take("partner_covered", flag) or False,
    }
    fields.finish(
        (
            "birth_date",
            "nationality",
            "residence",
            "cards",
            "scholarship",
            "work",
            "parents",
            "partner_covered",
        )
    )
    return values


def _study(fields: Fields) -> dict[str, Any]:
    since, until = (fields.take(name, day, required=True) for name in ("from", "to"))
    values: dict[str, Any] = {
        "study_from": since,
        "study_until": until,
        "step": fields.take("step", whole(1, LAST_STEP)) or 2,
    }
    fields.take("establishment", text)
    fields.finish(("from", "to", "establishment", "step"))
    if since and until and until < since:
        fields.refuse(
            "to", "date.order", "la fin précède le début", "the end is before the beginning"
        )
    return values


def _choice(fields: Fields) -> dict[str, Any]:
    known = tuple(name for name, agency in agencies().items() if agency.centre)
    values = {
        "agency": fields.take("agency", one_of(known)),
        "complementary": fields.take("complementary", one_of(known)),
    }
    fields.finish(("agency", "complementary"))
    return values


def _request(fields: Fields, today: date) -> dict[str, Any]:
    first = fields.take("first", flag)
    values = {
        "care_date": fields.take("care_date", day),
        "is_first": True if first is None else first,
        "is_prescribed": fields.take("prescribed", flag) or False,
        "has_declared_gp": fields.take("declared_gp", flag) or False,
        "on": fields.take("on", day) or today,
    }
    fields.finish(("care_date", "first", "prescribed", "declared_gp", "on"))
    return values


def _check_order(values: Mapping[str, Any], fields: Fields) -> None:
    born, care, on = values["birth_date"], values["care_date"], values["on"]
    if born and values["study_from"] and values["study_from"] <= born:
        fields.refuse(
            "study.from", "date.before_birth", "études avant la naissance", "studies before birth"
        )
    if care and born and care < born:
        fields.refuse(
            "request.care_date",
            "date.before_birth",
            "soins avant la naissance",
            "care before birth",
        )
    if care and on and care > on:
        fields.refuse(
            "request.care_date",
            "date.future",
            "soins postérieurs au jour de la demande",
            "care after the day of the request",
        )


def _country(value: object) -> str:
    code = str(value)
    if len(code) != LETTERS or not code.isascii() or not code.isalpha() or not code.isupper():
        raise Unreadable(
            "country.format",
            f"{code!r} n'est pas un code ISO de deux lettres, par exemple ES",
            f"{code!r} is not a two-letter ISO code, such as ES",
        )
    return code


def _department(value: object) -> str:
    code = str(value)
    number = code.removeprefix("FR-")
    if not code.startswith("FR-") or not number.isalnum() or len(number) not in {2, 3}:
        raise Unreadable(
            "department.format",
            f"{code!r} n'est pas un département, par exemple FR-75",
            f"{code!r} is not a department, such as FR-75",
        )
    return code


def _cards(value: object) -> frozenset[str]:
    if not isinstance(value, list):
        raise Unreadable("document.shape", "une liste est attendue", "a list is expected")
    return frozenset(one_of(CARDS)(card) for card in value)


def _destination(advice: Advice, lang: Lang) -> dict[str, object] | None:
    send = advice.send_to
    if send is None:
        return None
    return {
        "agency": send.agency.id,
        "name": send.agency.name.to(lang),
        "centre": send.agency.centre,
        "lines": list(send.lines),
        "appointment": {"phone": send.phone, "script": send.script.to(lang) if send.script else ""}
        if send.phone
        else None,
        "reasons": [_reason(reason, lang) for reason in send.reasons],
    }


def _reason(reason: Reason, lang: Lang) -> dict[str, object]:
    source = reason.sources[0]
    return {
        "code": reason.code,
        "text": reason.text.to(lang),
        "source": {"title": source.title.to(lang), "url": source.url},
    }
