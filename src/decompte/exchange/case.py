"""The case file of `decompte reimburse`, in and out: everything wrong with it is told at once."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from decompte.engine.explain import explain, percent
from decompte.engine.periods import MAINLAND, PATHWAYS, SECTORS, Periods, periods
from decompte.engine.shapes import CareLine, Case, LineAmounts, Person, Settlement
from decompte.errors import Lang, NotModelled, Problem, Text
from decompte.exchange.charged import as_charged, charged
from decompte.exchange.claim import check_claim
from decompte.exchange.covers import RELATED, check_related, check_together, not_modelled
from decompte.exchange.generic import FIELDS as GENERIC
from decompte.exchange.generic import generic
from decompte.exchange.limits import check_limits, check_most, check_specialty
from decompte.exchange.person import person as read_person
from decompte.exchange.prevention import scheme
from decompte.exchange.read import (
    ONE,
    Fields,
    cents,
    coefficient,
    day,
    finished,
    flag,
    one_of,
    some_of,
    text,
    whole,
)
from decompte.exchange.technical import FIELDS as TECHNICAL
from decompte.exchange.technical import check as check_technical
from decompte.exchange.technical import keys as modifier_keys
from decompte.exchange.technical import not_modelled as technical_not_modelled
from decompte.exchange.technical import technical
from decompte.law.nomenclature.store import Entry
from decompte.law.tables import FIRST_DAY

CASE = ("person", "complementary", "claimed_on", "lines")
LINE = (
    "id",
    "date",
    "act",
    "price",
    "quantity",
    "coefficient",
    "practitioner",
    "pathway",
    "ald_related",
    "related_to",
    "third_party_payment",
    "prevention",
    *TECHNICAL,
    *GENERIC,
)
PRACTITIONER = ("specialty", "sector", "place", "id")
PROFESSIONS_OF_DOCTORS = ("general-practice", "specialist", "any")
MOST_LINES = 10_000
SPANS_EN = ("{0} to {1}", "since {0}", "on no day")
MOST_ACTS = 99
TOTALS = ("price", "amo", "local", "solidarity", "amc", "patient", "deferred")
AMOUNTS = ("base", "gross", "penalty", "participation", "franchise", *TOTALS[1:])


def read(document: object, *, today: date, law: Periods | None = None) -> Case:
    """Return the case of a document in the case format.

    Args:
        document: a mapping, as parsed from YAML, JSON or TOML.
        today: care after this day is refused.
        law: the law that will answer; that in force where left out.

    Raises:
        Refusal: with every problem found, by field.
        NotModelled: everything is well formed, but the law of a line is not known here.
    """
    problems: list[Problem] = []
    law = law or periods()
    fields = Fields(document, "", problems)
    person = read_person(fields.inner("person"), today)
    formula, formula_since = _complementary(fields, law)
    claimed_on = fields.take("claimed_on", day)
    entries = fields.items("lines")
    if not entries:
        fields.refuse(
            "lines",
            "field.missing",
            "au moins une ligne de soins est nécessaire",
            "at least one care line is needed",
        )
    if len(entries) > MOST_LINES:
        fields.refuse(
            "lines",
            "lines.many",
            f"au plus {MOST_LINES} lignes par personne",
            f"at most {MOST_LINES} lines a person",
        )
        finished(problems)
    lines = [_line(entry, law, person, today) for entry in entries]
    fields.finish(CASE)
    _check_covers(fields, person, formula, lines)
    check_claim(fields, claimed_on, lines, today)
    finished(problems)
    assert person is not None
    known = tuple(line for line in lines if line)
    case = Case(person, formula, known, formula_since, claimed_on)
    _check_modelled(case, law)
    return case


def _complementary(fields: Fields, law: Periods) -> tuple[str | None, date | None]:
    formulas = one_of(tuple(law.names.formula))
    if not isinstance(fields.rest.get("complementary"), Mapping):
        return fields.take("complementary", formulas), None
    inner = fields.inner("complementary")
    formula = inner.take("formula", formulas, required=True)
    since = inner.take("from", day)
    inner.finish(("formula", "from"))
    return formula, since


def _check_covers(
    fields: Fields, person: Person | None, formula: str | None, lines: list[CareLine | None]
) -> None:
    if person is None:
        return
    covers = person.covers
    check_together(fields, covers, lines, is_local=person.is_local_scheme, formula=formula)
    for position, line in enumerate(lines):
        if line:
            check_related(fields, covers, line, position)


def write(settlement: Settlement, lang: Lang, law: Periods | None = None) -> dict[str, object]:
    """Return a settlement in the result format, its sentences in one language.

    Args:
        settlement: the answer.
        lang: of the sentences.
        law: that computed it; the law in force where left out.
    """
    return {
        "law": settlement.law_version,
        "lines": [_written(line, lang, law) for line in settlement.lines],
        "totals": {"price": _euros(sum(line.line.price_cents for line in settlement.lines))}
        | {name: _euros(settlement.total_cents(f"{name}_cents")) for name in TOTALS[1:]},
    }


def _line(fields: Fields, law: Periods, person: Person | None, today: date) -> CareLine | None:
    name = fields.take("id", text) or ""
    on = fields.take("date", day, required=True)
    practitioner = fields.inner("practitioner")
    said = technical(fields)
    entry, act = charged(
        fields, law, on, str(practitioner.rest.get("specialty")), suffix=said.suffix
    )
    price = fields.take("price", cents, required=True)
    quantity = fields.take("quantity", whole(1, MOST_ACTS)) or 1
    check_technical(fields, law.data, said, act, entry, quantity)
    times = _coefficient(fields, law, act, entry)
    pathway = fields.take("pathway", one_of(PATHWAYS), required=True)
    related = fields.take("ald_related", flag) or False
    related_to = fields.take("related_to", some_of(RELATED)) or ()
    third_party = fields.take("third_party_payment", flag) or False
    prevention = scheme(fields, law, act, on, person)
    generics = generic(fields, law, act, entry, on, is_third_party=third_party)
    place = practitioner.take("place", one_of(tuple(law.names.place))) or MAINLAND
    specialty, sector, identity = practitioner_of(practitioner, law, act)
    fields.finish(LINE)
    if on:
        _check_day(fields, on, person, today)
    if on and act:
        check_limits(fields, law.data.acts[act], on, person)
        check_most(fields, law.data, law.data.acts[act], times, quantity)
    if on is None or act is None or price is None or pathway is None:
        return None
    code = as_charged(entry, sector) if entry else None
    return CareLine(
        on,
        act,
        price,
        quantity,
        specialty,
        sector,
        identity,
        pathway,
        related,
        third_party,
        times,
        code,
        related_to,
        prevention,
        modifier_keys(law.data, said.letters, specialty, sector),
        said.association,
        name,
        place,
        *generics,
    )


def _coefficient(fields: Fields, law: Periods, act: str | None, entry: Entry | None) -> int:
    has_one = act is not None and law.data.acts[act].has_coefficient
    given = fields.take("coefficient", coefficient, required=has_one and entry is None)
    if entry is not None and given not in (None, entry.coefficient):
        fields.refuse(
            "coefficient",
            "coefficient.of_code",
            f"le coefficient de {entry.code} est celui de la nomenclature ; laisser ce champ vide",
            f"the coefficient of {entry.code} is the nomenclature's; leave this field out",
        )
    if entry is not None:
        return entry.coefficient
    if given is None or act is None:
        return ONE
    if given != ONE and not has_one:
        fields.refuse(
            "coefficient",
            "coefficient.none",
            f"l'acte {act} n'a pas de coefficient ; laisser ce champ vide",
            f"the act {act} has no coefficient; leave this field out",
        )
    return given


def practitioner_of(fields: Fields, law: Periods, act: str | None) -> tuple[str, str, str]:
    """Return specialty, sector and identity of who did an act; problems are noted."""
    specialties = tuple(law.data.specialties)
    profession = law.data.acts[act].practitioner if act is not None else "any"
    is_specialist = profession == "specialist"
    defaults = {"specialist": "other-specialty", "any": "general-practice"}
    default = defaults.get(profession, profession)
    allowed = law.data.acts[act].specialties if act is not None else ()
    specialty = fields.take("specialty", one_of(specialties)) or (*allowed, default)[0]
    sector = fields.take("sector", one_of(SECTORS)) or "1"
    identity = fields.take("id", text) or ""
    fields.finish(PRACTITIONER)
    if act is not None:
        check_specialty(fields, law.data.acts[act], specialty)
    if is_specialist and specialty == "general-practice":
        fields.refuse(
            "specialty",
            "act.practitioner",
            f"l'acte {act} est celui d'un spécialiste",
            f"the act {act} is a specialist's",
        )
    if profession not in PROFESSIONS_OF_DOCTORS and specialty != profession:
        fields.refuse(
            "specialty",
            "act.practitioner",
            f"l'acte {act} est celui de : {law.data.specialties[profession].fr}",
            f"the act {act} belongs to: {law.data.specialties[profession].en}",
        )
    return specialty, sector, identity


def _check_day(fields: Fields, on: date, person: Person | None, today: date) -> None:
    if on > today:
        fields.refuse(
            "date",
            "date.future",
            f"soins dans l'avenir ; au plus tard {today}",
            f"care in the future; at the latest {today}",
        )
    if person and on < person.birth_date:
        fields.refuse("date", "date.before_birth", "soins avant la naissance", "care before birth")
    if on < FIRST_DAY:
        fields.refuse(
            "date",
            "date.not_modelled",
            f"le droit d'avant {FIRST_DAY} n'est pas calculé ici",
            f"the law before {FIRST_DAY} is not computed here",
        )


def _check_modelled(case: Case, law: Periods) -> None:
    problems = [
        Problem(
            "act.no_tariff",
            f"lines[{position}].act",
            Text(
                fr=f"aucun tarif connu {law.data.places[line.place].fr} pour {line.charged}, "
                f"secteur {line.sector!r}, le {line.date} ; connu : {_spans(law, line, 'fr')}",
                en=f"no tariff known {law.data.places[line.place].en} for {line.charged}, sector "
                f"{line.sector!r}, on {line.date}; known: {_spans(law, line, 'en')}",
            ),
        )
        for position, line in enumerate(case.lines)
        if not has_tariff(law, line)
    ]
    problems += [
        Problem(
            "local.not_modelled",
            f"lines[{position}].act",
            Text(
                fr=f"la part du régime local pour {line.act} n'est pas encore calculée ici",
                en=f"the local scheme's share for {line.act} is not computed here yet",
            ),
        )
        for position, line in enumerate(case.lines)
        if case.person.is_local_scheme and not law.has_local_rate(line.act, line.date)
    ]
    problems += not_modelled(case, law)
    problems += technical_not_modelled(law, case.lines)
    if problems:
        raise NotModelled(problems)


def _spans(law: Periods, line: CareLine, lang: Lang) -> str:
    words = {"fr": ("du {0} au {1}", "depuis le {0}", "aucun jour"), "en": SPANS_EN}[lang]
    between, since, never = words
    told = [
        between.format(first, last) if last else since.format(first)
        for first, last in law.tariff_spans(line.act, line.sector, line.place)
    ]
    return ", ".join(told) or never


def has_tariff(law: Periods, line: CareLine) -> bool:
    """Return whether what a line charges has a tariff, or a regulated price, on its day.

    The tariffs of nomenclatures are those of the mainland.
    """
    if line.code and line.code.tariff_cents >= 0:
        return line.place == MAINLAND and law.has_rate(line.act, line.date)
    return law.has_tariff(line.act, line.sector, line.date, line.place)


def _written(amounts: LineAmounts, lang: Lang, law: Periods | None) -> dict[str, object]:
    line = amounts.line
    return (
        {"date": line.date.isoformat(), "act": line.charged, "price": _euros(line.price_cents)}
        | {name: _euros(getattr(amounts, f"{name}_cents")) for name in ("base",)}
        | {"rate": percent(amounts.rate_bp)}
        | {name: _euros(getattr(amounts, f"{name}_cents")) for name in AMOUNTS[1:]}
        | {"reasons": _reasons(amounts, lang, law)}
    )


def _reasons(amounts: LineAmounts, lang: Lang, law: Periods | None) -> list[Mapping[str, object]]:
    return [
        {
            "code": reason.code,
            "text": reason.text.to(lang),
            "since": reason.since.isoformat(),
            "source": {"title": reason.source.title.to(lang), "url": reason.source.url},
        }
        | ({"doubt": reason.note.to(lang)} if reason.note else {})
        for reason in explain(amounts, law)
    ]


@lru_cache(maxsize=65_536)
def _euros(amount_cents: int) -> str:
    sign = "-" if amount_cents < 0 else ""
    return f"{sign}{abs(amount_cents) // 100}.{abs(amount_cents) % 100:02d}"
