"""Settled care lines added up in the shape of Open DAMIR, small cells hidden.

A row of the public file is a cell: month, age band, nature, pathway, specialty and more. Cells
that would show single people lose detail step by step: first the circumstances, then month and age,
then the nature, at last even who paid; what is hidden is null. The sums over all rows stay.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from decompte.engine.tally import Cells, Sides, tally
from decompte.exchange.days import civil_days, next_month
from decompte.exchange.disclosure import OTHER, unsafe
from decompte.exchange.snds import coded
from decompte.exchange.snds.charged import NONE
from decompte.exchange.snds.coded import ACT, Care
from decompte.exchange.snds.dcir import KEPT_BACK, decimal, shares
from decompte.exchange.snds.shapes import codes, filled, tables

Numbers = npt.NDArray[np.int64]
MEASURES = ("PAI_MNT", "REM_BSE", "REM_MNT", "DEP_MNT", "ACT_QTE", "ACT_NBR", "ACT_COG")
FILTERED = tuple(f"FLT_{name}" for name in MEASURES if name != "REM_BSE")
COLUMNS = (*(f"PRS_{name}" for name in MEASURES), *FILTERED)
WHAT = ("PRS_NAT", "PRS_REM_TYP", "CPT_ENV_TYP", "TOP_PS5_TRG", "CPL_COD", "ATT_NAT")
WHEN = ("SOI_ANN", "SOI_MOI", "FLX_ANN_MOI", "AGE_BEN_SNDS")
HOW = (
    "ASU_NAT",
    "BEN_CMU_TOP",
    "DRG_AFF_NAT",
    "EXO_MTF",
    "MTM_NAT",
    "PRS_PDS_QCP",
    "PRS_REM_TAU",
    "PSE_ACT_CAT",
    "PSE_ACT_SNDS",
    "PSE_SPE_SNDS",
)
NAMES = (*WHAT, *WHEN, *HOW)
AGES = (20, 30, 40, 50, 60, 70, 80)
UNKNOWN_AGE = 99
COMPLEMENT = 1
HUNDRED, WHOLE = 100, 10_000
APART = "|"
ENVELOPES = {coded.ALSACE_MOSELLE: 8, coded.C2S_COPAYMENT: 7, coded.C2S_PACKAGE: 7}


def cells(done: Care, coarser: Mapping[str, str]) -> Cells:
    """Return settled lines of whole people in cells.

    Args:
        done: the lines.
        coarser: the names of cells that lose detail, and the names they get.
    """
    row, kind = coded.rows(done)
    other_row, payer, cents = coded.others(done)
    of = np.concatenate([row, other_row])
    is_other = np.arange(len(of)) >= len(row)
    paid_by = np.concatenate([_type(done, row, kind), payer])
    words = _words(done, of, np.concatenate([kind, np.full(len(payer), ACT)]), paid_by)
    amounts = np.vstack([_amounts(done, row, kind), _others(done, other_row, cents)])
    filtered = np.where(is_other[:, None], 0, amounts[:, [MEASURES.index(n[4:]) for n in FILTERED]])
    matrix = np.hstack([amounts, filtered])
    names, place = _named(words, coarser)
    order = np.lexsort((place, done.person[of]))
    people = done.person[of][order]
    numbers = np.cumsum(np.append(0, people[1:] != people[:-1])) if len(people) else people
    both = Sides(numbers, matrix[order], matrix[order], COLUMNS)
    return tally(both, place[order], names, COLUMNS)


def steps() -> Iterator[tuple[str, ...]]:
    """Yield what a small cell loses: circumstances first, then month and age, then the nature."""
    yield HOW
    yield (*WHEN, *HOW)
    yield ("PRS_NAT", *WHEN, *HOW)


def coarsened(coarser: Mapping[str, str], added: Cells, hidden: tuple[str, ...]) -> dict[str, str]:
    """Return which cells lose detail, and the names they get, once small ones have lost more.

    Args:
        coarser: the same before.
        added: cells with these names, over all lines.
        hidden: columns that small cells lose.
    """
    small = set(unsafe(added))
    names = {name: name for name in added.names if name in small} | {
        name: given for name, given in coarser.items() if given in small
    }
    return {**coarser, **{name: _without(given, hidden) for name, given in names.items()}}


def _without(name: str, hidden: tuple[str, ...]) -> str:
    pairs = zip(NAMES, _split(name), strict=True)
    return APART.join("" if column in hidden else word for column, word in pairs)


def table(shown: Cells) -> pa.Table:
    """Return cells as a table of Open DAMIR, in the order of their words."""
    split = [_split(name) for name in shown.names]
    keys = [[(word == "", word) for word in words] for words in split]
    order = sorted(range(len(split)), key=keys.__getitem__)
    columns: dict[str, pa.Array] = {}
    kinds = tables()["OPEN_DAMIR"]
    for at, name in enumerate(NAMES):
        words = pa.array([split[place][at] or None for place in order], pa.string())
        is_text = kinds[name].kind in {"year", "yearmonth"}
        columns[name] = words if is_text else words.cast(pa.int64())
    for name in COLUMNS:
        numbers = np.array([shown.amount(place, name, "base") for place in order], np.int64)
        is_exact = kinds[name].kind == "integer"
        columns[name] = pa.array(numbers // HUNDRED) if is_exact else decimal(numbers)
    return filled("OPEN_DAMIR", columns, len(order))


def _split(name: str) -> list[str]:
    return [""] * len(NAMES) if name == OTHER else name.split(APART)


def _named(words: Mapping[str, Numbers], coarser: Mapping[str, str]) -> tuple[list[str], Numbers]:
    matrix = np.column_stack([words[name] for name in NAMES])
    met, place = np.unique(matrix, axis=0, return_inverse=True)
    names = [APART.join("" if word == NONE else str(word) for word in row) for row in met.tolist()]
    known: dict[str, int] = {}
    given = [known.setdefault(coarser.get(name, name), len(known)) for name in names]
    return list(known), np.array(given, np.int64)[place.reshape(-1)]


def _type(done: Care, row: Numbers, kind: Numbers) -> Numbers:
    is_plain = (kind == ACT) & (done.meaning("supplement")[row] == NONE)
    return np.where(is_plain, 0, COMPLEMENT)


def _words(done: Care, of: Numbers, kind: Numbers, paid_by: Numbers) -> dict[str, Numbers]:
    known = codes()
    month = civil_days(done.row("day")) // HUNDRED
    flow = civil_days(next_month(done.row("day"))) // HUNDRED
    activity, specialty = done.meaning("activity"), done.meaning("specialty")
    zeros = np.zeros(len(of), np.int64)
    is_third = done.row("is_third_party_payment")
    is_solidarity = np.isin(paid_by, (coded.C2S_COPAYMENT, coded.C2S_PACKAGE))
    applied = shares(coded.paid(done), done.amount("base")) // HUNDRED
    return {
        "PRS_NAT": coded.natures(done, of, kind),
        "PRS_REM_TYP": paid_by,
        "CPT_ENV_TYP": _mapped(paid_by, ENVELOPES, default=1),
        "TOP_PS5_TRG": np.where(is_solidarity, 0, 1),
        "CPL_COD": zeros,
        "ATT_NAT": zeros,
        "SOI_ANN": (month // HUNDRED)[of],
        "SOI_MOI": (month % HUNDRED)[of],
        "FLX_ANN_MOI": flow[of],
        "AGE_BEN_SNDS": _ages(done)[of],
        "ASU_NAT": coded.insurance(done)[of],
        "BEN_CMU_TOP": ((done.row("covers") >> done.lines.names.cover["c2s"]) & 1)[of],
        "DRG_AFF_NAT": np.where(is_third == 1, 35, 11)[of],
        "EXO_MTF": coded.exemption(done)[of],
        "MTM_NAT": done.row("is_local")[of] * 2,
        "PRS_PDS_QCP": coded.pathway(done)[of],
        "PRS_REM_TAU": np.where(kind == ACT, applied[of], HUNDRED),
        "PSE_ACT_CAT": np.where(specialty != NONE, 1, _mapped(activity, known["category"], 99))[of],
        "PSE_ACT_SNDS": _mapped(activity, known["grouped_activity"] | {NONE: 0}, None)[of],
        "PSE_SPE_SNDS": _mapped(specialty, known["grouped_specialty"] | {NONE: 0}, None)[of],
    }


def _mapped(given: Numbers, words: Mapping[int, int], default: int | None) -> Numbers:
    found = given.copy() if default is None else np.full(len(given), default, np.int64)
    for word, other in words.items():
        found[given == word] = other
    return found


def _ages(done: Care) -> Numbers:
    lived = (civil_days(done.row("day")) - civil_days(done.row("birth"))) // WHOLE
    band = np.array([0, *AGES])[np.searchsorted(np.array(AGES), lived, side="right")]
    return np.where(done.is_birth_known, band, UNKNOWN_AGE)


def _amounts(done: Care, row: Numbers, kind: Numbers) -> Numbers:
    """Return the measures of each row in cents, quantities in hundredths."""
    is_act = kind == ACT
    price, base = done.row("price")[row] * is_act, done.amount("base")[row] * is_act
    paid = coded.paid(done)[row] * is_act
    for one, name in KEPT_BACK.items():
        paid = np.where(kind == one, -done.amount(name)[row], paid)
    quantity = done.row("quantity")[row]
    worth = coded.coefficient(done)[row] * quantity // HUNDRED
    counted = (quantity * HUNDRED, quantity * HUNDRED * is_act, worth)
    return np.column_stack([price, base, paid, price - base, *counted])


def _others(done: Care, row: Numbers, cents: Numbers) -> Numbers:
    """Return the same of what other payers have: spending is told again, as in the public file."""
    price, base = done.row("price")[row], done.amount("base")[row]
    zeros = np.zeros(len(row), np.int64)
    quantity = done.row("quantity")[row] * HUNDRED
    return np.column_stack([price, base, cents, zeros, quantity, zeros, zeros])
