"""The figures of the law that the peers compute with: one row a charge and period, as a table.

The peers get the law ready to be joined, with what depends on act, specialty, sector and day side
by side; they have to do the arithmetic, the conditions and the caps.
"""

from datetime import date

import numpy as np
import pyarrow as pa

from decompte.engine.periods import Periods
from decompte.exchange.charges import Charge
from decompte.exchange.settler import Settler
from decompte.law.tables import ABSENT, EPOCH, day_number

FORMULA = 0
ADULT = 18
FAR = date(9999, 12, 31)


def figures(settler: Settler, charges: tuple[Charge, ...], year: int) -> pa.Table:
    """Return what every charge follows from, by the days of a year.

    Args:
        settler: of the law.
        charges: the distinct acts and sectors of the lines of adults; they name nothing else.
        year: of the lines.
    """
    law, last = settler.law, date(year, 12, 31)
    first = day_number(date(year, 1, 1))
    table = settler.book.charges(charges, first, day_number(last))
    starts = [day for day in law.starts if first < day <= day_number(last)]
    rows = []
    for place, charge in enumerate(charges):
        spans = range(int(table.first[place]), int(table.last[place]) + 1)
        begins = {int(table.since[span]) for span in spans if table.since[span] > first}
        days = [first, *sorted({*starts, *begins})]
        for day, after in zip(days, [*days[1:], day_number(last) + 1], strict=True):
            span = max(
                span
                for span in spans
                if span == spans[0] or (table.since[span] <= day and table.from_age[span] <= ADULT)
            )
            rows.append(
                row(law, charge, table.spans[span], day)
                | {"since": on(day), "until": on(after - 1)}
            )
    return pa.Table.from_pylist(rows)


def on(day: int) -> date:
    """Return a day as a date."""
    return date.fromordinal(EPOCH + day)


def row(periods: Periods, charge: Charge, charged: np.record, day: int) -> dict[str, object]:
    """Return the figures of one charge on one day."""
    law, period, names = periods.law, periods.of(on(day)), periods.names
    act, sector = int(charged.act), int(charged.sector)
    kind, is_doctor = law.act_kind[act], law.specialty_is_doctor[charged.specialty]
    box, ald, c2s = law.act_franchise[act], names.cover["ald"], names.cover["c2s"]
    return {
        "act": charge.act,
        "sector": charge.sector,
        "is_price": law.act_is_price[act] == 1,
        "tariff": law.tariff[period][act][charged.place][sector],
        "fixed_coefficient": int(charged.coefficient),
        "rate": law.rate_of_kind[period][kind],
        "rate_ald": law.rate_covered[period][ald][kind],
        "has_pathway": law.act_has_pathway[act] * is_doctor == 1,
        "penalty_points": law.penalty_points[period],
        "penalty_cap": law.penalty_cap[period],
        "c2s_no_penalty": law.penalty_exempt[period][c2s] == 1,
        "ald_no_penalty": law.penalty_exempt_related[period][ald] == 1,
        "per_act": law.participation_per_act[period] * law.act_has_participation[act] * is_doctor,
        "act_day_cap": law.participation_per_act[period] * law.participation_day_cap_acts[period],
        "act_year_cap": law.participation_year_cap[period],
        "c2s_no_participation": law.participation_exempt[period][c2s] == 1,
        "per_box": max(law.franchise_per_unit[period][box], 0) if box != ABSENT else 0,
        "box": box,
        "box_day_cap": law.franchise_day_cap[period][box] if box != ABSENT else ABSENT,
        "by_practitioner": law.franchise_day_by_practitioner[period] == 1,
        "box_year_cap": law.franchise_year_cap[period],
        "c2s_no_franchise": law.franchise_exempt[period][c2s] == 1,
        "local_rate": law.local_rate[period][kind],
        "solidarity": law.solidarity_share[period][c2s],
        "copayment": law.formula_copayment[period][FORMULA][kind],
        "overcharge": law.formula_overcharge[period][FORMULA][sector],
        "withheld": law.formula_withheld[period][FORMULA],
        "defers": law.deferral_applies[period] == 1,
    }
