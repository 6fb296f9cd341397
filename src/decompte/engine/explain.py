"""Reason bits to sentences, with the amounts of the line and the source in force on its day."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from decompte.engine.periods import Periods, periods
from decompte.engine.sentence import SAID, Sentence
from decompte.engine.sentences import SENTENCES
from decompte.engine.shapes import CareLine, LineAmounts
from decompte.errors import LANGS, Lang, Text
from decompte.law.shapes import KINDS, Figure, LawData, Source, Value
from decompte.rules.reasons import BASE_OVERSEAS


class Reason(NamedTuple):
    """One reason of a line's amounts.

    Attributes:
        code: stable name.
        text: the sentence in both languages.
        since: day from which the figure behind it is in force.
        source: the text it rests on.
        figure: id of that figure.
        note: what is doubtful about it, told once a figure, or None.
    """

    code: str
    text: Text
    since: date
    source: Source
    figure: str
    note: Text | None


class Words(dict[str, str]):
    """What sentences about a line are filled with, each written when a sentence asks for it."""

    def __init__(self, amounts: LineAmounts, lang: Lang, periods: Periods) -> None:
        """Keep the line, the language and the law."""
        super().__init__()
        self.amounts, self.lang, self.periods = amounts, lang, periods

    def __missing__(self, name: str) -> str:
        """Return a word of the line, or an amount as people write it."""
        if name in SAYS:
            self[name] = SAYS[name](self.amounts, self.lang, self.periods)
        else:
            self[name] = euros(_cents(name, self.amounts, self.periods), self.lang)
        return self[name]


def explain(amounts: LineAmounts, law: Periods | None = None) -> tuple[Reason, ...]:
    """Return why a line comes to its amounts, in the order of the computation.

    Args:
        amounts: of the line.
        law: that computed them; the law in force where left out.
    """
    return tuple(_reasons(amounts, law or periods()))


def euros(amount_cents: int, lang: Lang) -> str:
    """Return an amount as people write it: `15,10 €` in French, `€15.10` in English."""
    sign = "-" if amount_cents < 0 else ""
    whole, cents = divmod(abs(amount_cents), 100)
    if lang == "fr":
        return f"{sign}{whole:,}".replace(",", "\u202f") + f",{cents:02d}\u00a0€"
    return f"{sign}€{whole:,}.{cents:02d}"


def percent(rate_bp: int) -> str:
    """Return a rate in percent without needless zeros: 7000 is `70`."""
    whole, rest = divmod(rate_bp, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def decimals(coefficient: int) -> str:
    """Return a coefficient in ten-thousandths without needless zeros: 75000 is `7.5`."""
    whole, rest = divmod(coefficient, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0") if rest else str(whole)


def _reasons(amounts: LineAmounts, periods: Periods) -> Iterator[Reason]:
    law = periods.data
    day = amounts.line.date
    texts: dict[Lang, Words] = {lang: Words(amounts, lang, periods) for lang in LANGS}
    told: set[str] = set()
    for sentence in SENTENCES:
        if not amounts.reasons & sentence.bit:
            continue
        if sentence.figure == "code":
            yield _of_code(law, sentence, amounts, texts)
            continue
        figure = law.figures[_figure_id(sentence, amounts, law)]
        value = figure.unchanged_since(day, key_of(figure, amounts, law))
        in_force = figure.on(day)
        assert value is not None, f"{figure.id} answered for a day it does not cover"
        assert in_force is not None, "what has not changed since is in force"
        yield Reason(
            code=sentence.code,
            text=Text(
                fr=sentence.text.fr.format_map(texts["fr"]),
                en=sentence.text.en.format_map(texts["en"]),
            ),
            since=value.since,
            source=_source(law, value),
            figure=figure.id,
            note=None if in_force.confidence != "low" or figure.id in told else in_force.note,
        )
        told.add(figure.id)


def _of_code(
    law: LawData, sentence: Sentence, amounts: LineAmounts, texts: Mapping[Lang, Words]
) -> Reason:
    code = amounts.line.code
    assert code is not None, "a tariff of a nomenclature without its entry"
    return Reason(
        code=sentence.code,
        text=Text(
            fr=sentence.text.fr.format_map(texts["fr"]), en=sentence.text.en.format_map(texts["en"])
        ),
        since=code.since,
        source=law.sources[code.nomenclature],
        figure=code.nomenclature,
        note=None,
    )


def _figure_id(sentence: Sentence, amounts: LineAmounts, law: LawData) -> str:
    act = amounts.line.act
    if sentence.figure == "overseas" or (
        sentence.figure == "tariff" and amounts.reasons & BASE_OVERSEAS
    ):
        return f"overseas.{act}"
    if sentence.figure == "tariff" and f"tariff.{act}" in law.figures:
        return f"tariff.{act}"
    if sentence.figure == "tariff":
        return f"rate.{law.acts[act].kind}"
    if sentence.figure == "prevention":
        return _newer_of_scheme(amounts.line, law)
    if sentence.figure == "rate":
        return f"rate.{law.acts[act].kind}"
    return sentence.figure


def _newer_of_scheme(line: CareLine, law: LawData) -> str:
    """Return what last opened the scheme to this person: its rate, or its upper age."""
    figures = law.figures
    rate, age = figures[_scheme_id(line)], figures["prevention.until_age"]
    rated = rate.unchanged_since(line.date, law.acts[line.act].kind)
    aged = age.unchanged_since(line.date, line.prevention)
    assert rated is not None, "a scheme that gave a rate is in force"
    assert aged is not None, "a scheme that gave a rate has ages"
    return rate.id if rated.since >= aged.since else age.id


def _scheme_id(line: CareLine) -> str:
    return f"prevention.{line.prevention.replace('-', '_')}"


def key_of(figure: Figure, amounts: LineAmounts, law: LawData) -> str | None:
    """Return the key by which a figure answered for a line, or None where it has no keys."""
    act = law.acts[amounts.line.act]
    keys = {
        "sector": amounts.line.sector,
        "place": amounts.line.place,
        "pathway": amounts.line.pathway,
        "kind": act.kind,
        "franchise": act.franchise,
        "prevention": amounts.line.prevention,
        "association": amounts.line.association,
        "code": amounts.line.charged,
        "modifier": amounts.line.modifiers[0] if amounts.line.modifiers else "",
    }
    return keys.get(figure.keys or "")


def _source(law: LawData, value: Value) -> Source:
    cited = [law.sources[name] for name in value.sources]
    return min(cited, key=lambda source: KINDS.index(source.kind))


def _cents(name: str, amounts: LineAmounts, periods: Periods) -> int:
    line = amounts.line
    match name:
        case "price":
            return line.price_cents
        case "overcharge":
            return line.price_cents - amounts.base_cents
        case "flat_sum":
            return amounts.base_cents - amounts.gross_cents
        case "key":
            return _key_cents(line, periods)
    cents: int = getattr(amounts, f"{name}_cents")
    return cents


def _number(text: str, lang: Lang) -> str:
    return text.replace(".", ",") if lang == "fr" else text


def _act(amounts: LineAmounts, lang: Lang, periods: Periods) -> str:
    code = amounts.line.code
    if code:
        return f"{code.label}, {code.code}"
    return periods.data.acts[amounts.line.act].label.to(lang)


def _modifiers(amounts: LineAmounts, _lang: Lang, periods: Periods) -> str:
    return ", ".join(periods.data.modifiers[key].letter for key in amounts.line.modifiers)


def _association_share(amounts: LineAmounts, _lang: Lang, periods: Periods) -> str:
    value = periods.data.figures["technical.association"].on(amounts.line.date)
    assert value is not None, "association codes are in force from the first day"
    points = value.worth(amounts.line.association)
    assert isinstance(points, int), "a share by code"
    return percent(points)


def _sessions(amounts: LineAmounts, _lang: Lang, periods: Periods) -> str:
    value = periods.data.figures["sessions.a_year"].on(amounts.line.date)
    return str(value.amount) if value else ""


def _prevention(amounts: LineAmounts, lang: Lang, periods: Periods) -> str:
    return periods.data.figures[_scheme_id(amounts.line)].label.to(lang)


SAYS: Mapping[str, Callable[[LineAmounts, Lang, Periods], str]] = {
    "rate": lambda amounts, lang, _law: _number(percent(amounts.rate_bp), lang),
    "coefficient": lambda amounts, lang, _law: _number(decimals(amounts.line.coefficient), lang),
    "act": _act,
    "pathway": lambda amounts, lang, _law: SAID[amounts.line.pathway].to(lang),
    "place": lambda amounts, lang, law: law.data.places[amounts.line.place].to(lang),
    "modifiers": _modifiers,
    "association": lambda amounts, _lang, _law: amounts.line.association,
    "association_share": _association_share,
    "sessions": _sessions,
    "prevention": _prevention,
}


def _key_cents(line: CareLine, periods: Periods) -> int:
    if line.code and line.code.tariff_cents >= 0:
        return line.code.tariff_cents
    return max(periods.tariff(line.act, line.sector, line.date, line.place), 0)
