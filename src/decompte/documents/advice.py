"""The advice on one page, as PDF/UA: the address where an envelope's window is, then the answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from decompte.documents.letter import check_address
from decompte.documents.typeset import typeset
from decompte.documents.words import WORDS, day_in_words, only
from decompte.engine.explain import euros
from decompte.errors import Lang, Text
from decompte.procedure.affiliation import STATUS_WORDS

SIZES = ((1500, 9.8), (2100, 9.0), (2800, 8.2), (3600, 7.4))
SMALLEST = 6.4
RIGHT = frozenset({"registration", "papers"})
MOST_SOURCES = 8
HEADINGS = {
    "who": Text(fr="Qui vous couvre", en="Who covers you"),
    "where": Text(fr="Où envoyer la demande", en="Where the request goes"),
    "papers": Text(fr="Quoi joindre", en="What to put in"),
    "registration": Text(fr="Pour vous inscrire", en="To register"),
    "deadlines": Text(fr="Jusqu'à quand", en="Until when"),
    "doubts": Text(fr="Ce qui n'est pas sûr", en="What is not sure"),
    "sources": Text(fr="Sources", en="Sources"),
    "call": Text(fr="Ou appelez le", en="Or call"),
    "bring": Text(fr="À avoir sous la main :", en="Have at hand:"),
}
COST = Text(fr="Cotisation : {amount}", en="Contribution: {amount}")
BETWEEN = Text(fr="entre {least} et {most}", en="between {least} and {most}")
UNTIL = Text(fr="{what} : jusqu'au {day}", en="{what}: until {day}")


def advice_pdf(documents: Sequence[Mapping[str, Any]], *, lang: Lang, day: date) -> bytes:
    """Return the advice on one situation as one page, PDF/UA.

    Raises:
        Refusal: there are several, or the address does not fit the window.
    """
    advice = only(documents)
    send = advice["send_to"] or {"lines": [], "name": "", "appointment": None, "ask": ""}
    check_address(send["lines"])
    parts = [part for part in _parts(advice, send, lang) if part["items"]]
    right = [part for part in parts if part["name"] in RIGHT]
    left = [part for part in parts if part["name"] not in RIGHT and part["name"] != "sources"]
    length = max(_length(left), _length(right))
    data = {
        "lang": lang,
        "title": WORDS["advice"].to(lang),
        "footer": "Décompte",
        "day": day_in_words(day, lang),
        "recipient": send["lines"],
        "size": next((size for most, size in SIZES if length <= most), SMALLEST),
        "left": left,
        "right": right,
        "below": [part for part in parts if part["name"] == "sources"],
    }
    return typeset("advice", data, day=day)


def status_in_words(status: str, lang: Lang) -> str:
    """Return the status of an affiliation as people read it."""
    return STATUS_WORDS[status].to(lang)


def cost_in_words(covered: Mapping[str, Any], lang: Lang) -> str:
    """Return what an affiliation of the result format costs, as people read it."""
    if covered["contribution"] is None:
        least, most = (_euros(one, lang) for one in covered["contribution_between"])
        amount = BETWEEN.fill(least=least, most=most).to(lang)
    else:
        amount = _euros(covered["contribution"], lang)
    return COST.fill(amount=amount).to(lang)


def _parts(
    advice: Mapping[str, Any], send: Mapping[str, Any], lang: Lang
) -> Iterator[dict[str, Any]]:
    papers = [paper for paper in advice["documents"] if paper["use"] == "request"]
    registration = [paper for paper in advice["documents"] if paper["use"] == "registration"]
    yield _part("who", lang, _who(advice["affiliation"], lang))
    yield _part("where", lang, _where(advice, send, lang))
    yield _part("registration", lang, [_paper(one, lang) for one in registration], is_list=True)
    yield _part("papers", lang, [_paper(one, lang) for one in papers], is_list=True)
    yield _part("deadlines", lang, list(_deadlines(advice["deadlines"], lang)))
    yield _part("doubts", lang, list(dict.fromkeys(_doubts(advice, send))))
    yield _part("sources", lang, list(_sources(advice, send)))


def _length(parts: Sequence[Mapping[str, Any]]) -> int:
    return sum(len(item) for part in parts for item in part["items"])


def _part(name: str, lang: Lang, items: list[str], *, is_list: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "heading": HEADINGS[name].to(lang),
        "items": items,
        "is_checklist": is_list,
    }


def _who(covered: Mapping[str, Any], lang: Lang) -> list[str]:
    head = f"{status_in_words(covered['status'], lang)}. {cost_in_words(covered, lang)}."
    later = [cost_in_words(year, lang) + f" ({year['from']})" for year in covered["years"][1:]]
    return [head, *later, *(reason["text"] for reason in covered["reasons"])]


def _where(advice: Mapping[str, Any], send: Mapping[str, Any], lang: Lang) -> list[str]:
    if advice["not_sent"]:
        return [advice["not_sent"]["text"]]
    if not send["name"]:
        return []
    where = ", ".join(send["lines"] or [send["name"]])
    said = [where, send["reasons"][0]["text"], send["ask"]]
    if call := send["appointment"]:
        said.append(f"{HEADINGS['call'].to(lang)} {call['phone']}. {call['script']}")
        if call["bring"]:
            said.append(f"{HEADINGS['bring'].to(lang)} {' '.join(call['bring'])}")
    return [one for one in said if one]


def _paper(paper: Mapping[str, Any], lang: Lang) -> str:
    return f"{paper['label']} ({WORDS[paper['form']].to(lang)}). {paper['valid']}"


def _deadlines(deadlines: Sequence[Mapping[str, Any]], lang: Lang) -> Iterator[str]:
    for one in deadlines:
        if one["until"]:
            day = day_in_words(date.fromisoformat(one["until"]), lang)
            yield f"{UNTIL.fill(what=one['what'], day=day).to(lang)}. {one['reasons'][0]['text']}"
        else:
            yield f"{one['what']}. {one['reasons'][0]['text']}"


def _reasons(advice: Mapping[str, Any], send: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from advice["affiliation"]["reasons"]
    yield from send.get("reasons", ())
    for one in (*advice["documents"], *advice["deadlines"]):
        yield from one["reasons"]


def _doubts(advice: Mapping[str, Any], send: Mapping[str, Any]) -> Iterator[str]:
    for reason in _reasons(advice, send):
        if reason["doubt"]:
            yield reason["doubt"]


def _sources(advice: Mapping[str, Any], send: Mapping[str, Any]) -> Iterator[str]:
    cited = {reason["source"]["url"]: reason["source"] for reason in _reasons(advice, send)}
    for source in list(cited.values())[:MOST_SOURCES]:
        yield source["title"]


def _euros(amount: str, lang: Lang) -> str:
    return euros(int(amount.replace(".", "")), lang)
