"""What a case comes to: the engine's answer, but for the lines whose amounts a person set.

A line set by hand is not put to the engine: nothing is kept back from it, and it uses up no cap.
Its only reason says who set it, so that every statement made of the answer bears the mark.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from decompte.engine import explain
from decompte.engine.shapes import LineAmounts
from decompte.engine.single import law_version, settle
from decompte.errors import LANGS, Lang, Problem, Refusal, Text
from decompte.exchange import case as cases

BY_HAND = "set-by-hand"
TOTALS = ("price", "amo", "local", "solidarity", "amc", "patient", "deferred")
BORNE = ("amo", "local", "solidarity", "amc")
NOTHING = ("base", "gross", "penalty", "participation", "franchise", "amo", *TOTALS[2:])
MARK = Text(
    fr="Montant fixé par une personne de votre organisme et contrôlé par une deuxième. {words}",
    en="Amount set by a person of your agency and checked by a second one. {words}",
)
WHO = Text(fr="Décision de votre organisme", en="Decision of your agency")


class ByHand(NamedTuple):
    """What a person set for one line: its place from 1, mandatory and complementary cents."""

    line: int
    amo_cents: int
    amc_cents: int


class Outcome(NamedTuple):
    """What a case comes to.

    Attributes:
        answers: the result document in each language.
        law_version: digest of the law that answered.
        totals: cents by name.
        payable_cents: what goes to the member; lines whose doctor was paid directly left out.
        computed: what the engine said of the lines it was asked about.
    """

    answers: dict[str, Any]
    law_version: str
    totals: dict[str, int]
    payable_cents: int
    computed: tuple[LineAmounts, ...]


class Told(NamedTuple):
    """A decision as it is kept; `by_hand`, `inputs` and `answer`, the English one, as JSON text."""

    member_id: int
    is_in_force: bool
    public_id: str
    law_version: str
    payable_cents: int
    decided_at: datetime
    words: str
    by_hand: str
    inputs: str
    answer: str


def differing(kept: Iterable[Told]) -> list[str]:
    """Return the public ids of decisions that come out differently under the law they name.

    Raises:
        Refusal: that law no longer answers what it once answered.
    """
    return [one.public_id for one in kept if not _comes_out_again(one)]


def outcome(
    inputs: Mapping[str, Any],
    by_hand: Sequence[ByHand],
    words: str,
    day: date,
    *,
    langs: Sequence[Lang] = LANGS,
) -> Outcome:
    """Return what a case comes to.

    Args:
        inputs: in the case format.
        by_hand: lines whose amounts a person set.
        words: why, for the statement.
        day: on which it is decided.
        langs: languages of the answer; English always is one of them.

    Raises:
        Refusal: the law of a line is not known here, or more is set than was paid.
    """
    set_ = {one.line: one for one in by_hand}
    _check(inputs, set_)
    asked = [line for n, line in enumerate(inputs["lines"], start=1) if n not in set_]
    settlement = settle(cases.read({**inputs, "lines": asked}, today=day)) if asked else None
    version = settlement.law_version if settlement else law_version()
    answers: dict[str, Any] = {}
    for lang in langs:
        computed: Any = cases.write(settlement, lang)["lines"] if settlement else []
        rest = iter(computed)
        lines = [
            _by_hand(line, set_[n], words, day, lang) if n in set_ else next(rest)
            for n, line in enumerate(inputs["lines"], start=1)
        ]
        answers[lang] = {"law": version, "lines": lines}
    totals = {name: _sum(answers["en"]["lines"], name) for name in TOTALS}
    for answer in answers.values():
        answer["totals"] = {name: euros(total) for name, total in totals.items()}
    return Outcome(
        answers=answers,
        law_version=version,
        totals=totals,
        payable_cents=payable_cents(inputs, answers),
        computed=settlement.lines if settlement else (),
    )


def payable_cents(inputs: Mapping[str, Any], answers: Mapping[str, Any]) -> int:
    """Return what goes to the member, in cents: lines paid to the doctor are left out."""
    return sum(
        cents(answer[name])
        for line, answer in zip(inputs["lines"], answers["en"]["lines"], strict=True)
        if not line["third_party_payment"]
        for name in BORNE
    )


def is_partly(answers: Mapping[str, Any]) -> bool:
    """Return whether some lines are reimbursed and others not at all."""
    borne = [any(cents(line[name]) for name in BORNE) for line in answers["en"]["lines"]]
    return any(borne) and not all(borne)


def stored(by_hand: Sequence[ByHand]) -> list[dict[str, int]]:
    """Return what was set by hand as it is kept."""
    return [one._asdict() for one in by_hand]


def read(kept: Sequence[Mapping[str, int]]) -> list[ByHand]:
    """Return what was set by hand as it was kept."""
    return [ByHand(**one) for one in kept]


def euros(amount_cents: int) -> str:
    """Return cents as the result format writes them."""
    return f"{amount_cents // 100}.{amount_cents % 100:02d}"


@lru_cache(maxsize=65_536)
def cents(amount: str) -> int:
    """Return an amount of the result format in cents."""
    return int(amount.replace(".", ""))


def _comes_out_again(one: Told) -> bool:
    """Return whether a decision comes out again; another law than today's is not asked."""
    if one.law_version != law_version():
        return True
    by_hand, inputs = read(json.loads(one.by_hand)), json.loads(one.inputs)
    again = outcome(inputs, by_hand, one.words, one.decided_at.date(), langs=("en",))
    return again.payable_cents == one.payable_cents and again.answers["en"] == json.loads(
        one.answer
    )


def _check(inputs: Mapping[str, Any], set_: Mapping[int, ByHand]) -> None:
    problems = [
        Problem(
            "amount.too_much",
            f"lines[{n - 1}]",
            Text(
                fr=f"ligne {n} : au plus {explain.euros(cents(line['price']), 'fr')}, "
                "ce qui a été payé",
                en=f"line {n}: at most {explain.euros(cents(line['price']), 'en')}, what was paid",
            ),
        )
        for n, line in enumerate(inputs["lines"], start=1)
        if n in set_ and set_[n].amo_cents + set_[n].amc_cents > cents(line["price"])
    ]
    if problems:
        raise Refusal(problems)


def _by_hand(
    line: Mapping[str, Any], set_: ByHand, words: str, day: date, lang: Lang
) -> dict[str, Any]:
    patient = cents(line["price"]) - set_.amo_cents - set_.amc_cents
    return {
        "date": line["date"],
        "act": line["act"],
        "price": line["price"],
        **dict.fromkeys(NOTHING, "0.00"),
        "rate": "0",
        "amo": euros(set_.amo_cents),
        "amc": euros(set_.amc_cents),
        "patient": euros(patient),
        "reasons": [
            {
                "code": BY_HAND,
                "text": MARK.fill(words=words).to(lang).strip(),
                "since": day.isoformat(),
                "source": {"title": WHO.to(lang), "url": ""},
            }
        ],
    }


def _sum(lines: Sequence[Mapping[str, Any]], name: str) -> int:
    return sum(cents(line[name]) for line in lines)
