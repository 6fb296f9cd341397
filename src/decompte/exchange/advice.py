"""The result format of `decompte advise`, and the same as lines for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from decompte.engine.explain import euros
from decompte.errors import Lang, Text
from decompte.procedure.affiliation import STATUS_WORDS
from decompte.procedure.agencies import agencies
from decompte.procedure.contribution import levy
from decompte.procedure.shapes import Advice, Affiliation, Reason, RequiredPaper, YearDue
from decompte.procedure.years import academic_year

CENTS = 100
FORMS = {
    "original": Text(fr="original", en="original"),
    "copy": Text(fr="copie", en="copy"),
}


def write(advice: Advice, lang: Lang) -> dict[str, object]:
    """Return an advice in the result format, its sentences in one language."""
    choice = advice.choice
    return {
        "affiliation": _affiliation(advice.affiliation, lang),
        "levy": _levy(advice, lang),
        "choice": {
            "valid": choice.is_valid,
            "errors": [
                {"field": p.field, "code": p.code, "message": p.message.to(lang)}
                for p in choice.errors
            ],
        },
        "send_to": _destination(advice, lang),
        "not_sent": _reason(advice.no_destination, lang) if advice.no_destination else None,
        "documents": [_paper(paper, lang) for paper in advice.papers],
        "deadlines": [
            {
                "what": deadline.what.to(lang),
                "code": deadline.code,
                "until": deadline.until.isoformat() if deadline.until else None,
                "reasons": [_reason(deadline.reason, lang)],
            }
            for deadline in advice.deadlines
        ],
        "untold": [
            {"field": one.field, "question": one.question.to(lang)} for one in advice.untold
        ],
    }


def lines(document: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """Yield a result document as lines of text for a terminal."""
    french = lang == "fr"
    covered = document["affiliation"]
    yield f"{STATUS_WORDS[covered['status']].to(lang)}, {_cost(covered, lang)}"
    yield from _reason_lines(covered["reasons"], lang)
    for agency in covered["agencies"]:
        yield f"  · {agency['name']} ({agency['centre']})"
    for year in covered["years"][1:]:
        yield f"  + {year['from']}: {_cost(year, lang)}"
    if levy := document["levy"]:
        yield f"  + CVEC {_shown(levy['amount'], lang)}: {levy['reasons'][0]['text']}"
    for error in document["choice"]["errors"]:
        yield f"  ! {error['field']}: {error['message']}"
    yield from _where(document, lang)
    for paper in document["documents"]:
        form = FORMS[paper["form"]].to(lang)
        yield f"  [ ] {paper['label']} ({form}): {paper['reasons'][0]['text']}"
    for deadline in document["deadlines"]:
        until = deadline["until"] or ""
        yield f"{deadline['what']} {until}: {deadline['reasons'][0]['text']}"
    if document["untold"]:
        yield "Peut changer la réponse :" if french else "Could change the answer:"
    for one in document["untold"]:
        yield f"  ? {one['field']}: {one['question']}"


def _where(document: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    french = lang == "fr"
    if send := document["send_to"]:
        where = ", ".join(send["lines"] or [send["name"]])
        yield ("Envoyer à : " if french else "Send to: ") + where
        yield from _reason_lines(send["reasons"], lang)
        if send["ask"]:
            yield f"  ! {send['ask']}"
        if send["appointment"]:
            yield ("  ou appeler le " if french else "  or call ") + send["appointment"]["phone"]
    elif why := document["not_sent"]:
        yield why["text"]


def _reason_lines(reasons: Sequence[Mapping[str, Any]], lang: Lang) -> Iterator[str]:
    for reason in reasons:
        yield f"  - {reason['text']} ({reason['source']['url']})"
        if reason["doubt"]:
            yield f"      ! {reason['doubt']}"


def _cost(covered: Mapping[str, Any], lang: Lang) -> str:
    name = "cotisation" if lang == "fr" else "contribution"
    if covered["contribution"] is None:
        least, most = covered["contribution_between"]
        between = ("de", "à") if lang == "fr" else ("from", "to")
        shown = f"{between[0]} {_shown(least, lang)} {between[1]} {_shown(most, lang)}"
        return f"{name} {shown}"
    return f"{name} {_shown(covered['contribution'], lang)}"


def _affiliation(covered: Affiliation, lang: Lang) -> dict[str, object]:
    due = covered.years[0] if covered.years else None
    return {
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
        "contribution": _amount(covered.contribution_cents),
        "contribution_between": _between(due) if due else None,
        "from": covered.since.isoformat() if covered.since else None,
        "to": covered.until.isoformat() if covered.until else None,
        "register": covered.must_register,
        "years": [_year(year, lang) for year in covered.years],
        "reasons": [_reason(reason, lang) for reason in covered.reasons],
    }


def _year(year: YearDue, lang: Lang) -> dict[str, object]:
    return {
        "year": year.year,
        "from": year.since.isoformat(),
        "to": year.until.isoformat(),
        "contribution": _amount(year.amount_cents),
        "contribution_between": _between(year),
        "reasons": [_reason(year.reason, lang)],
    }


def _levy(advice: Advice, lang: Lang) -> dict[str, object] | None:
    situation = advice.situation
    found = levy(situation.study_from, academic_year(situation.study_from))
    if found is None:
        return None
    return {"amount": _amount(found.amount_cents), "reasons": [_reason(found.reason, lang)]}


def _paper(paper: RequiredPaper, lang: Lang) -> dict[str, object]:
    return {
        "kind": paper.kind,
        "label": paper.label.to(lang),
        "required": True,
        "form": "original" if paper.is_original else "copy",
        "keep_copy": paper.keep_copy,
        "valid": paper.valid.to(lang),
        "use": paper.use,
        "checks": [check.to(lang) for check in paper.checks],
        "sent_back": [back.to(lang) for back in paper.sent_back],
        "reasons": [_reason(paper.reason, lang)],
    }


def _destination(advice: Advice, lang: Lang) -> dict[str, object] | None:
    send = advice.send_to
    if send is None:
        return None
    appointment = {
        "phone": send.phone,
        "script": send.script.to(lang) if send.script else "",
        "bring": [one.to(lang) for one in send.bring],
    }
    return {
        "agency": send.agency.id,
        "name": send.agency.name.to(lang),
        "centre": send.agency.centre,
        "lines": list(send.lines),
        "ask": send.asks.to(lang) if send.asks else "",
        "appointment": appointment if send.phone else None,
        "reasons": [_reason(reason, lang) for reason in send.reasons],
    }


def _reason(reason: Reason, lang: Lang) -> dict[str, object]:
    source = reason.sources[0]
    return {
        "code": reason.code,
        "text": reason.text.to(lang),
        "source": {"title": source.title.to(lang), "url": source.url},
        "sources": [{"title": one.title.to(lang), "url": one.url} for one in reason.sources],
        "confidence": reason.confidence,
        "doubt": reason.doubt.to(lang) if reason.doubt else "",
    }


def _between(year: YearDue) -> list[str] | None:
    if year.amount_cents is not None:
        return None
    return [_euros(year.least_cents), _euros(year.most_cents)]


def _amount(cents: int | None) -> str | None:
    return None if cents is None else _euros(cents)


def _euros(cents: int) -> str:
    return f"{cents // CENTS}.{cents % CENTS:02d}"


def _shown(amount: str, lang: Lang) -> str:
    return euros(int(amount.replace(".", "")), lang)
