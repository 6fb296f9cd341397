"""Settled care lines in the shape of DCIR: `ER_PRS_F`, and `ER_ARO_F` for the other payers.

A line is one row of `ER_PRS_F`, and one more for each amount kept back (participation, franchise,
penalty recovered later), as the national base has them: `CPL_MAJ_TOP` 2, a negative `CPL_REM_MNT`,
nothing spent. So over the rows of a line `PRS_PAI_MNT` adds up to the price, and `BSE_REM_MNT` plus
`CPL_REM_MNT` to what the mandatory insurance pays. Supplements are complements of the act before.
"""

from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from decompte.exchange.days import civil_days, next_month
from decompte.exchange.snds.charged import NONE
from decompte.exchange.snds.coded import (
    ACT,
    C2S_PACKAGE,
    FRANCHISE,
    PARTICIPATION,
    PENALTY,
    Care,
    coefficient,
    exemption,
    insurance,
    kept_back,
    natures,
    others,
    paid,
    pathway,
    rows,
    told,
)
from decompte.exchange.snds.shapes import codes, filled
from decompte.rules import reasons

Numbers = npt.NDArray[np.int64]
POSITIVE, NEGATIVE, NO_SIGN = 1, 2, 0
HUNDRED, WHOLE = 100, 10_000
FLOW_KEYS = ("FLX_EMT_NUM", "FLX_EMT_ORD", "FLX_EMT_TYP", "REM_TYP_AFF")
NOBODY = "000000000"
YOUNG, MONTHS = 2, 1000
KEPT_BACK = {PARTICIPATION: "participation", FRANCHISE: "franchise", PENALTY: "penalty"}
KINDS = 1 + len(KEPT_BACK)


def prs(done: Care) -> pa.Table:
    """Return the rows of `ER_PRS_F`."""
    row, kind = rows(done)
    columns = _keys(done, row, kind) | _people(done, row) | _care(done, row, kind)
    columns |= _amounts(done, row, kind) | _rates(done, row, kind)
    return filled("ER_PRS_F", columns, len(row))


def aro(done: Care) -> pa.Table:
    """Return the rows of `ER_ARO_F`: the local scheme's part, and the solidarity cover's.

    The solidarity cover pays the co-payment first, then what is above the base.
    """
    row, kind, cents = others(done)
    base = done.amount("base")[row]
    share = np.where((base > 0) & (kind != C2S_PACKAGE), shares(cents, base), NONE)
    first = np.append(True, row[1:] != row[:-1])[: len(row)]
    number = np.arange(len(row)) - np.maximum.accumulate(np.where(first, np.arange(len(row)), 0))
    keys = _keys(done, row, np.zeros(len(row), np.int64))
    columns = {name: column for name, column in keys.items() if name != "PRS_REJ_TOP"} | {
        "ARO_REM_TYP": pa.array(kind),
        "ARO_REM_MNT": decimal(cents),
        "ARO_REM_BSE": decimal(np.where(kind == C2S_PACKAGE, 0, base)),
        "ARO_REM_SGN": pa.array(np.full(len(row), POSITIVE)),
        "ARO_REM_TAU": pc.if_else(pa.array(share != NONE), decimal(share), None),
        "ARO_PRS_NAT": code(done.meaning("nature")[row]),
        "ARO_ORD_NUM": pa.array(number + 1),
        "ARO_ASU_NAT": pa.array(insurance(done)[row]),
        "ARO_CPL_COD": pa.array(np.zeros(len(row), np.int64)),
    }
    return filled("ER_ARO_F", columns, len(row))


def _keys(done: Care, row: Numbers, kind: Numbers) -> dict[str, pa.Array]:
    """Return the nine columns that join the tables: no part of them is null."""
    flow = next_month(done.row("day")[row]).astype(np.int32)
    zeros = pa.array(np.zeros(len(row), np.int64))
    return {
        "FLX_DIS_DTD": pa.array(flow).cast(pa.date32()),
        "FLX_TRT_DTD": pa.array(flow).cast(pa.date32()),
        **dict.fromkeys(FLOW_KEYS, zeros),
        "ORG_CLE_NUM": pa.array([NOBODY] * len(row), pa.string()),
        "DCT_ORD_NUM": pa.array(done.statement[row] + 1),
        "PRS_ORD_NUM": pa.array(done.place[row] * KINDS + kind + 1),
    }


def pseudonyms(person: Numbers) -> pa.Array:
    """Return running numbers of people as BEN_NIR_PSA writes them: seventeen characters."""
    return pc.utf8_lpad(pa.array(person + 1).cast(pa.string()), 17, "0")


def _people(done: Care, row: Numbers) -> dict[str, pa.Array]:
    birth = civil_days(done.row("birth"))
    lived = civil_days(done.row("day")) - birth
    years = lived // WHOLE
    months = _months(birth, lived)
    covers, unknown = done.row("covers"), ~done.is_birth_known[row]
    return {
        "BEN_NIR_PSA": pseudonyms(done.person[row]),
        "BEN_CDI_NIR": pa.array(["00"] * len(row), pa.string()),
        "BEN_RNG_GEM": pa.array(np.ones(len(row), np.int64)),
        "BEN_NAI_ANN": pa.array(birth[row] // WHOLE, mask=unknown).cast(pa.string()),
        "BEN_AMA_COD": pa.array(np.where(years < YOUNG, MONTHS + months, years)[row], mask=unknown),
        "BEN_CMU_TOP": pa.array(((covers >> done.lines.names.cover["c2s"]) & 1)[row]),
    }


def _months(birth: Numbers, lived: Numbers) -> Numbers:
    """Return whole months lived by those who are younger than two; both as YYYYMMDD."""
    day = birth + lived
    months = (day // WHOLE - birth // WHOLE) * 12 + day // HUNDRED % HUNDRED
    months -= birth // HUNDRED % HUNDRED
    whole: Numbers = np.clip(months - (day % HUNDRED < birth % HUNDRED), 0, 23)
    return whole


def _care(done: Care, row: Numbers, kind: Numbers) -> dict[str, pa.Array]:
    """Return what was done, by whom and on which way."""
    day = done.row("day")[row].astype(np.int32)
    month = pc.strftime(pa.array(day).cast(pa.date32()), format="%Y%m")
    is_act = kind == ACT
    zeros = pa.array(np.zeros(len(row), np.int64))
    return {
        "EXE_SOI_DTD": pa.array(day).cast(pa.date32()),
        "EXE_SOI_DTF": pa.array(day).cast(pa.date32()),
        "EXE_SOI_AMD": month,
        "EXE_SOI_AMF": month,
        **_nature(done, row, kind),
        "PRS_ACT_QTE": decimal(done.row("quantity")[row] * HUNDRED),
        "PRS_ACT_NBR": decimal(done.row("quantity")[row] * HUNDRED * is_act),
        "PRS_ACT_CFT": decimal(coefficient(done)[row] // HUNDRED),
        "PRS_ACT_COG": decimal((coefficient(done) * done.row("quantity"))[row] // HUNDRED),
        "PSE_SPE_COD": code(done.meaning("specialty")[row]),
        "PSE_ACT_NAT": code(done.meaning("activity")[row]),
        "PSE_CNV_COD": code(done.meaning("convention")[row]),
        "PRS_CRD_OPT": code(done.meaning("option")[row]),
        "PRS_PDS_QCP": pa.array(pathway(done)[row]),
        "PRS_PDS_QTP": pa.array(told(done)[row]),
        "PRS_PPF_COD": pa.array(kept_back(done)[row]),
        "EXO_MTF": pa.array(exemption(done)[row]),
        "MTM_NAT": pa.array(done.row("is_local")[row] * 2),
        "RGO_ASU_NAT": pa.array(insurance(done)[row]),
        "DRG_AFF_NAT": pa.array(np.where(done.row("is_third_party_payment") == 1, 35, 11)[row]),
        "DRG_NAT": pa.array(np.where(done.row("is_third_party_payment") == 1, 35, 10)[row]),
        "DPN_QLF": zeros,
        "PRS_DPN_QLP": zeros,
        "PRS_REJ_TOP": zeros,
    }


def _nature(done: Care, row: Numbers, kind: Numbers) -> dict[str, pa.Array]:
    known = codes()
    nature, supplement = done.meaning("nature")[row], done.meaning("supplement")[row]
    reference = done.meaning("nature")[done.parent[row]]
    is_plain = (kind == ACT) & (supplement == NONE)
    complement = np.where(is_plain, 0, natures(done, row, kind))
    exact = np.where(supplement == NONE, 0, supplement)
    is_kept_back = (kind == PARTICIPATION) | (kind == FRANCHISE)
    exact = np.where(is_kept_back, known["participation_kind"], exact)
    exact = np.where(kind == PENALTY, known["penalty_kind"], exact)
    return {
        "PRS_NAT_REF": code(reference),
        "BSE_PRS_NAT": code(np.where(is_plain, nature, 0)),
        "CPL_PRS_NAT": code(complement),
        "CPL_MAJ_TOP": pa.array(np.where(is_plain, 0, 2)),
        "CPL_AFF_COD": pa.array(exact),
    }


def _amounts(done: Care, row: Numbers, kind: Numbers) -> dict[str, pa.Array]:
    supplement = done.meaning("supplement")[row]
    is_act = kind == ACT
    is_plain = is_act & (supplement == NONE)
    price, base = done.row("price")[row] * is_act, done.amount("base")[row] * is_act
    spent = paid(done)[row] * is_act
    back = np.zeros(len(row), np.int64)
    for one, name in KEPT_BACK.items():
        back = np.where(kind == one, -done.amount(name)[row], back)
    units = np.maximum(coefficient(done) * done.row("quantity"), 1)[row]
    unit = (base * HUNDRED * 10 * WHOLE * 2 + units) // (2 * units)
    other = np.where(is_plain, 0, spent + back)
    return {
        "PRS_PAI_MNT": decimal(price),
        "PRS_DEP_MNT": decimal(price - base),
        "BSE_REM_BSE": decimal(np.where(is_plain, base, 0)),
        "BSE_REM_MNT": decimal(np.where(is_plain, spent, 0)),
        "BSE_REM_PRU": decimal(np.where(is_plain, unit, 0), scale=5),
        "BSE_REM_SGN": pa.array(np.where(is_plain, POSITIVE, NO_SIGN)),
        "CPL_REM_BSE": decimal(np.where(is_plain, 0, base)),
        "CPL_REM_MNT": decimal(other),
        "CPL_REM_PRU": decimal(np.where(is_plain, 0, unit), scale=5),
        "CPL_REM_SGN": pa.array(
            np.where(is_plain, NO_SIGN, np.where(other < 0, NEGATIVE, POSITIVE))
        ),
        "RGO_MOD_MNT": decimal(np.where(is_act, done.amount("penalty")[row], 0)),
        "PRS_OPS_TRF": pa.array(np.where(base == 0, 0, np.where(price > base, 2, 1))),
    }


def _rates(done: Care, row: Numbers, kind: Numbers) -> dict[str, pa.Array]:
    """Return the rates in percent: of the law, as paid, and how the pathway moved it."""
    base, penalty = done.amount("base"), done.amount("penalty")
    is_direct = (penalty > 0) & (done.row("is_third_party_payment") == 0)
    lowered = shares(paid(done), base)
    law = done.amount("rate_bp")
    applied = np.where(is_direct, lowered, law)
    forced = np.where(penalty > 0, np.where(is_direct, 1, 3) + done.has(reasons.PENALTY_CAPPED), 0)
    is_act = kind == ACT
    return {
        "RGO_THE_TAU": decimal(np.where(is_act, law[row], WHOLE)),
        "RGO_REM_TAU": decimal(np.where(is_act, applied[row], WHOLE)),
        "RGO_MIN_TAU": decimal(np.where(is_act & is_direct[row], lowered[row], 0)),
        "RGO_FTA_COD": pa.array(np.where(is_act, forced[row], 0)),
    }


def shares(part: Numbers, whole: Numbers) -> Numbers:
    """Return parts in hundredths of a percent, rounded half up; 0 of nothing."""
    of = np.maximum(whole, 1)
    return np.where(whole > 0, (part * WHOLE * 2 + of) // (2 * of), 0)


def decimal(numbers: Numbers, scale: int = 2) -> pa.Array:
    """Return whole numbers of the last place as decimals."""
    whole = pa.array(numbers, pa.int64()).cast(pa.decimal128(19, 0))
    return pc.multiply(whole, pa.scalar(Decimal(1).scaleb(-scale)))


def code(numbers: Numbers) -> pa.Array:
    """Return codes; `NONE` is null."""
    return pa.array(numbers, mask=numbers == NONE)
