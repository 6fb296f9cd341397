"""Settled care lines in the words of the SNDS: whose, which rows they become, on which way.

What the law decided is read from the reasons of the amounts; nothing is decided again here.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from decompte.engine.batch_shapes import Amounts
from decompte.engine.periods import Periods
from decompte.exchange.settler import Lines
from decompte.exchange.snds.charged import NONE, Charged, charged
from decompte.exchange.snds.shapes import codes
from decompte.rules import reasons

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
ACT, PARTICIPATION, FRANCHISE, PENALTY = range(4)
ALSACE_MOSELLE, C2S_COPAYMENT, C2S_PACKAGE = 4, 5, 6
WHOLE = 10_000
CAPPED_YEAR = reasons.PARTICIPATION_YEAR_CAP | reasons.FRANCHISE_YEAR_CAP
CAPPED_DAY = reasons.PARTICIPATION_DAY_CAP | reasons.FRANCHISE_DAY_CAP


class Care(NamedTuple):
    """Settled lines of whole people, in order, with what they are in the nomenclatures.

    Attributes:
        kept: positions of the lines in `lines` and `amounts`.
        person, statement: running numbers of the person, and of the person's day, from 0.
        place: of the line on that day, from 0.
        lines, amounts: as read and settled.
        means: of `lines.rows.charge`.
        parent: position in `kept` of the act that a supplement belongs to; its own without one.
        is_birth_known: flags.
    """

    kept: Numbers
    person: Numbers
    statement: Numbers
    place: Numbers
    lines: Lines
    amounts: Amounts
    means: Charged
    parent: Numbers
    is_birth_known: Flags

    def row(self, name: str) -> Numbers:
        """Return a column of the lines kept."""
        column: Numbers = getattr(self.lines.rows, name)[self.kept].astype(np.int64)
        return column

    def amount(self, name: str) -> Numbers:
        """Return an amount of the lines kept, in cents."""
        column: Numbers = getattr(self.amounts, name)[self.kept].astype(np.int64)
        return column

    def meaning(self, name: str) -> Numbers:
        """Return a code of the lines kept."""
        column: Numbers = getattr(self.means, name)[self.row("charge")]
        return column

    def has(self, bit: int) -> Flags:
        """Return which lines kept have one of some reasons."""
        found: Flags = self.amount("reasons") & bit != 0
        return found


class Start(NamedTuple):
    """Running numbers of what came before: people and statements."""

    people: int
    statements: int


def care(table: pa.Table, lines: Lines, amounts: Amounts, law: Periods, start: Start) -> Care:
    """Return settled lines of a table ready to be written, numbered from a start."""
    kept = lines.order[amounts.problems[lines.order] == 0]
    person, day = lines.rows.person[kept], lines.rows.day[kept]
    new_person = np.append(True, person[1:] != person[:-1])[: len(kept)]
    new_day = new_person | np.append(True, day[1:] != day[:-1])[: len(kept)]
    places = np.arange(len(kept))
    first = np.maximum.accumulate(np.where(new_day, places, 0)) if len(kept) else places
    means = charged(lines.charges, law)
    is_act = means.supplement[lines.rows.charge[kept]] == NONE
    last_act = np.maximum.accumulate(np.where(is_act, places, -1)) if len(kept) else places
    return Care(
        kept=kept,
        person=np.cumsum(new_person) - 1 + start.people,
        statement=np.cumsum(new_day) - 1 + start.statements,
        place=places - first,
        lines=lines,
        amounts=amounts,
        means=means,
        parent=np.where(last_act >= first, last_act, places),
        is_birth_known=_is_known(table, "birth_date")[kept],
    )


def _is_known(table: pa.Table, name: str) -> Flags:
    if name not in table.schema.names:
        return np.zeros(len(table), np.bool_)
    known: Flags = pc.is_valid(table.column(name)).to_numpy()
    return known


def after(start: Start, done: Care) -> Start:
    """Return the running numbers after some lines."""
    if not len(done.kept):
        return start
    return Start(int(done.person[-1]) + 1, int(done.statement[-1]) + 1)


def rows(done: Care) -> tuple[Numbers, Numbers]:
    """Return the line of each row, and what kind of row it is."""
    deferred = (done.amount("penalty") > 0) & (done.row("is_third_party_payment") == 1)
    chosen = {
        ACT: np.arange(len(done.kept)),
        PARTICIPATION: np.flatnonzero(done.amount("participation")),
        FRANCHISE: np.flatnonzero(done.amount("franchise")),
        PENALTY: np.flatnonzero(deferred),
    }
    row = np.concatenate(list(chosen.values()))
    kind = np.concatenate([np.full(len(places), kind) for kind, places in chosen.items()])
    order = np.lexsort((kind, row))
    return row[order], kind[order]


def natures(done: Care, row: Numbers, kind: Numbers) -> Numbers:
    """Return PRS_NAT of rows: of the act itself, or of what is kept back on it."""
    known, is_third = codes(), done.row("is_third_party_payment")[row]
    nature = done.meaning("nature")[row]
    nature = np.where(kind == PARTICIPATION, known["participation"][0] + is_third, nature)
    nature = np.where(kind == FRANCHISE, done.meaning("franchise")[row] + is_third, nature)
    return np.where(kind == PENALTY, known["deferred_penalty"], nature)


def others(done: Care) -> tuple[Numbers, Numbers, Numbers]:
    """Return the line, the kind and the cents of each part that another payer has.

    The solidarity cover pays the co-payment first, then what is above the base.
    """
    copayment = np.maximum(done.amount("base") - done.amount("gross"), 0)
    solidarity = done.amount("solidarity")
    parts = {
        ALSACE_MOSELLE: done.amount("local"),
        C2S_COPAYMENT: np.minimum(solidarity, copayment),
        C2S_PACKAGE: np.maximum(solidarity - copayment, 0),
    }
    found = [(np.flatnonzero(part), kind, part) for kind, part in parts.items()]
    row = np.concatenate([places for places, _kind, _part in found])
    kinds = np.concatenate([np.full(len(places), kind) for places, kind, _part in found])
    cents = np.concatenate([part[places] for places, _kind, part in found])
    order = np.lexsort((kinds, row))
    return row[order], kinds[order], cents[order]


def paid(done: Care) -> Numbers:
    """Return what the insurance pays on the act itself: a penalty under third party comes later."""
    later = done.row("is_third_party_payment") == 1
    return done.amount("gross") - np.where(later, 0, done.amount("penalty"))


def coefficient(done: Care) -> Numbers:
    """Return the coefficients in ten-thousandths, one where the act has none."""
    given = done.row("coefficient")
    return np.where(given == 0, WHOLE, given)


def pathway(done: Care) -> Numbers:
    """Return PRS_PDS_QCP: the pathway as computed."""
    known, names = codes(), done.lines.names.pathway
    by_name = np.array([known["pathway"][name] for name in names], np.int64)
    has_no_gp = (done.row("gp_since") > done.row("day")).astype(np.int64)
    code_of = by_name[done.row("pathway"), has_no_gp]
    is_not_direct = done.has(reasons.PATHWAY_NO_DIRECT_ACCESS)
    code_of = np.where(is_not_direct, known["no_direct_access"], code_of)
    under = np.array(known["under_age"], np.int64)[has_no_gp]
    return np.where(done.has(reasons.PATHWAY_UNDER_AGE), under, code_of)


def told(done: Care) -> Numbers:
    """Return PRS_PDS_QTP: the pathway as the form says it."""
    known = codes()["told_pathway"]
    by_name = np.array([known[name] for name in done.lines.names.pathway], np.int64)
    return by_name[done.row("pathway")]


def kept_back(done: Care) -> npt.NDArray[np.str_]:
    """Return PRS_PPF_COD: whether something is kept back, and which cap is reached."""
    kept = done.amount("participation") + done.amount("franchise") > 0
    word = np.where(kept, "S", "N")
    word = np.where(done.has(CAPPED_DAY), "J", word)
    return np.where(done.has(CAPPED_YEAR), "A", word)


def exemption(done: Care) -> Numbers:
    """Return EXO_MTF: why the co-payment is not owed."""
    holds = (done.row("covers") >> done.lines.names.cover["ald"]) & 1
    found = np.where(holds == 1, 41, 0)
    found = np.where(done.has(reasons.RATE_ALD), 42, found)
    found = np.where(done.has(reasons.RATE_PREVENTION), 81, found)
    found = np.where(done.has(reasons.RATE_MILITARY_PENSION), 21, found)
    return np.where(done.has(reasons.RATE_MATERNITY | reasons.RATE_WORK_ACCIDENT), 10, found)


def insurance(done: Care) -> Numbers:
    """Return RGO_ASU_NAT: sickness, maternity, work accident or prevention."""
    found = np.where(done.has(reasons.RATE_MATERNITY), 30, 10)
    found = np.where(done.has(reasons.RATE_PREVENTION), 90, found)
    return np.where(done.has(reasons.RATE_WORK_ACCIDENT), 40, found)
