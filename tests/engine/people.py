"""Random people and their care lines, as rows of a batch and as cases: everything the law knows."""

import random
from datetime import date, timedelta

import pyarrow as pa

from decompte.engine.periods import PATHWAYS, SECTORS, periods
from decompte.exchange.columns import COVER_BITS
from decompte.exchange.covers import RELATED
from decompte.law.nomenclature.store import NAMES, read

TODAY = date(2026, 11, 24)
SCHEMA = pa.schema(
    {
        "beneficiary": pa.int64(),
        "line": pa.int64(),
        "date": pa.date32(),
        "act": pa.string(),
        "price_cents": pa.int32(),
        "quantity": pa.int16(),
        "coefficient": pa.float64(),
        "practitioner": pa.string(),
        "specialty": pa.string(),
        "sector": pa.string(),
        "place": pa.string(),
        "pathway": pa.string(),
        "birth_date": pa.date32(),
        "declared_gp_since": pa.date32(),
        "scheme": pa.string(),
        "covers": pa.int32(),
        "related": pa.int32(),
        "formula": pa.string(),
        "third_party_payment": pa.bool_(),
    }
)


PRICES = (0, 100, 2300, 2500, 2650, 3000, 5000, 90000)
PLAIN = {
    "price_cents": 5000,
    "quantity": 1,
    "coefficient": None,
    "specialty": None,
    "sector": None,
    "place": None,
    "scheme": None,
    "covers": 0,
    "related": 0,
    "formula": None,
}


# Reasons that no row can give, since no column says what they rest on.
OF_A_CASE = {
    "PREVENTION_NOT_FOR_THIS",  # a prevention scheme named beside an ordinary act
    "BASE_MODIFIERS",
    "BASE_ASSOCIATION",
    "COMPLEMENTARY_WAITING",  # the day on which the complementary began
    "OUT_OF_RIGHTS",  # the days on which the person is covered
    "CLAIMED_TOO_LATE",  # the day of the claim
    "CLAIMED_TWICE",  # what names a line among all claimed
    "BASE_REFERENCE_TARIFF",
    "BASE_GENERIC",
}


def rare():
    """Return rows of people who meet a cap of the year or have care that comes seldom."""
    names = ("ccam", "lpp")
    all_of = [[*known.values()] for name in names for known in read(name).values()]
    first = [entries[0] for entries in all_of if len(entries) == 1]
    heavy = next(one.code for one in first if one.act != "LPP" and one.tariff >= 20_000)
    devices = [one for one in first if one.act == "LPP" and one.tariff > 0]
    device = next(one.code for one in devices if one.basket != "100-sante")
    others = [
        [{"act": "G"}] * 30,  # the participation of a year
        [{"act": "PH7", "quantity": 29}] * 3,  # the franchise of a year
        [{"act": device, "price_cents": 90_000, "formula": "example-student"}]
        * 3,  # the flat sums of a year
        [{"act": "BDA", "formula": "example-student", "birth_date": date(2005, 5, 5)}],
        [{"act": "PSS"}] * 14,
        [{"act": list(periods().names.ceiling)[-1], "price_cents": 300_000}],
        [{"act": heavy, "price_cents": 90_000}],
    ]
    row = table(lines=1, seed=4).to_pylist()[0] | PLAIN | {"birth_date": date(1990, 5, 5)}
    rows = [
        row | {"beneficiary": person, "date": date(2026, 1, 1) + timedelta(days=5 * number)} | one
        for person, owned in enumerate(others)
        for number, one in enumerate(owned)
    ]
    numbered = [one | {"line": number} for number, one in enumerate(rows)]
    return pa.Table.from_pylist(numbered, schema=SCHEMA)


def codes():
    """Return every code with the first day of its tariff."""
    return [(code, min(since)) for name in NAMES[:4] for code, since in read(name).items()]


def charged(chance, on, acts, known):
    """Return an act that most often has a tariff on the day."""
    if chance.random() < 0.2:
        code, since = chance.choice(known)
        return code if since <= on else chance.choice(acts)
    for _ in range(20):
        act = chance.choice(acts)
        if periods().has_tariff(act, "1", on) and chance.random() < 0.9:
            return act
    return act


def day(chance, first, last):
    return first + timedelta(days=chance.randrange((last - first).days + 1))


def table(*, lines, seed, spoilt=0.0, since=2005):
    """Return care lines of random people in order, some of them spoilt."""
    chance, rows, number = random.Random(seed), [], 0
    acts, known = list(periods().data.acts), codes()
    while len(rows) < lines:
        person = one_person(chance, beneficiary=number)
        year = chance.randrange(since, 2027)
        days = sorted(
            day(chance, date(year, 1, 1), min(date(year + 1, 12, 31), TODAY))
            for _ in range(chance.randrange(1, 15))
        )
        for on in days:
            for _ in range(chance.choice((1, 1, 1, 2, 4))):
                act = charged(chance, on, acts, known)
                rows.append(one_line(chance, person, line=len(rows), on=on, act=act))
        number += 1
    rows = [spoil(chance, row) if chance.random() < spoilt else row for row in rows[:lines]]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def one_person(chance, *, beneficiary):
    youngest = chance.choice((date(2004, 12, 31), date(2004, 12, 31), date(2026, 1, 1)))
    birth = day(chance, date(1950 if youngest.year == 2004 else 1990, 1, 1), youngest)
    return {
        "beneficiary": beneficiary,
        "birth_date": birth,
        "declared_gp_since": chance.choice((None, date(2004, 5, 5), day(chance, youngest, TODAY))),
        "scheme": chance.choice(("general",) * 5 + ("alsace-moselle", None)),
        "covers": chance.choice((0,) * 8 + (1, 2, 4, 8, 16, 32, 64, 3, 65)),
        "formula": chance.choice((None, None, *periods().names.formula)),
    }


def one_line(chance, person, *, line, on, act):
    data = periods().data.acts.get(act)
    needs = data is not None and data.has_coefficient
    covers = person["covers"]
    related = chance.choice((0, covers & 1, covers & (1 | 32 | 64)))
    specialty, sector = None, chance.choice((*SECTORS, None))
    place = chance.choice((None,) * 8 + tuple(periods().names.place))
    if chance.random() < 0.1:
        specialty = chance.choice(list(periods().data.specialties))
        if chance.random() < 0.9:  # most such acts are refused, each combination read for itself
            sector = place = None
    return person | {
        "line": line,
        "date": on,
        "act": act,
        "price_cents": chance.choice(
            (*PRICES, chance.randrange(20_000), chance.randrange(200_000))
        ),
        "quantity": chance.choice((None, 1, 1, 2, 3, chance.randrange(1, 30))),
        "coefficient": chance.choice((1.5, 7.0, chance.randrange(1, 9000) / 100))
        if needs
        else None,
        "practitioner": chance.choice((None, "", "A", "B", "C")),
        "specialty": specialty,
        "sector": sector,
        "place": place,
        "pathway": chance.choice((*PATHWAYS, None)),
        "related": related,
        "third_party_payment": chance.choice((True, False, None)),
    }


def spoil(chance, row):
    """Return a row with one thing wrong that a case refuses as well."""
    wrong = {
        "date": (date(2004, 12, 31), date(2027, 1, 1), None),
        "act": ("NOPE", "3400900000000", "ATM", None),
        "price_cents": (-1, 100_000_001, None),
        "quantity": (0, -3, 100),
        "coefficient": (0.0, 1.001, 1001.0, -1.0, 3.0),
        "specialty": ("wizard", "general-practice", "nurse"),
        "sector": ("3",),
        "place": ("corse",),
        "pathway": ("by-bus",),
        "birth_date": (date(2030, 1, 1),),
        "scheme": ("mars",),
        "covers": (4 | 8, 16 | 4),
        "related": (32, 64),
        "formula": ("nobody",),
    }
    name = chance.choice(list(wrong))
    return row | {name: chance.choice(wrong[name])}


def as_case(rows):
    """Return a person's rows as a case document."""
    first = rows[0]
    lines = [as_line(row) for row in rows]
    person = {"birth_date": first["birth_date"], "scheme": first["scheme"] or "general"}
    if first["declared_gp_since"]:
        person["declared_gp_since"] = first["declared_gp_since"]
    person["covers"] = [
        {"kind": kind, "from": date(1900, 1, 1)}
        for bit, kind in enumerate(COVER_BITS)
        if first["covers"] >> bit & 1
    ]
    case = {"person": person, "lines": lines}
    return case | ({"complementary": first["formula"]} if first["formula"] else {})


def as_line(row):
    practitioner = {"id": row["practitioner"], "specialty": row["specialty"]}
    practitioner |= {"sector": row["sector"], "place": row["place"]}
    line = {
        "date": row["date"],
        "act": row["act"],
        "price": None if row["price_cents"] is None else f"{row['price_cents'] / 100:.2f}",
        "quantity": row["quantity"],
        "coefficient": row["coefficient"],
        "practitioner": {name: said for name, said in practitioner.items() if said},
        "pathway": row["pathway"] or "not-concerned",
        "ald_related": bool(row["related"] & 1),
        "related_to": [kind for kind in RELATED if row["related"] >> COVER_BITS.index(kind) & 1],
        "third_party_payment": row["third_party_payment"],
    }
    return {name: said for name, said in line.items() if said is not None}
