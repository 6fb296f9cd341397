"""The part without memory as a model of OpenFisca: base, rate, gross amount and penalty.

A line is an entity, its facts are inputs, the figures are parameters of the month of care.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

Line = build_entity("line", "lines", "A care line", is_person=True)
AMOUNTS = ("base", "rate_bp", "gross", "penalty")
INPUTS = ("charge", "price", "coefficient", "is_ald", "is_c2s", "has_gp", "is_out", "is_concerned")
FIGURES = (
    *("is_price", "tariff", "fixed_coefficient", "rate", "rate_ald", "has_pathway"),
    *("penalty_points", "penalty_cap", "ald_no_penalty", "c2s_no_penalty"),
)


def share(amount: Any, points: Any) -> Any:
    """Return a share in basis points, half a cent upwards."""
    return (amount * points * 2 + 10_000) // 20_000


class base(Variable):
    """The base: the tariff, never more than the price."""

    value_type, entity, definition_period = int, Line, DateUnit.MONTH

    def formula(line: Any, period: Any, parameters: Any) -> Any:
        """Return cents."""
        law, charge = parameters(period), line("charge", period)
        price, given = line("price", period), line("coefficient", period)
        coefficient = np.where(given > 0, given, law.fixed_coefficient[charge])
        tariff = np.minimum(price, share(law.tariff[charge], coefficient))
        return np.where(law.is_price[charge] == 1, price, tariff)


class rate_bp(Variable):
    """The rate: a long illness lifts it for care related to it."""

    value_type, entity, definition_period = int, Line, DateUnit.MONTH

    def formula(line: Any, period: Any, parameters: Any) -> Any:
        """Return basis points."""
        law, charge = parameters(period), line("charge", period)
        rate = law.rate[charge]
        better = np.maximum(rate, law.rate_ald[charge])
        return np.where(line("is_ald", period), better, rate)


class gross(Variable):
    """The base times the rate."""

    value_type, entity, definition_period = int, Line, DateUnit.MONTH

    def formula(line: Any, period: Any, parameters: Any) -> Any:
        """Return cents."""
        return share(line("base", period).astype(np.int64), line("rate_bp", period))


class penalty(Variable):
    """What being out of the pathway takes away."""

    value_type, entity, definition_period = int, Line, DateUnit.MONTH

    def formula(line: Any, period: Any, parameters: Any) -> Any:
        """Return cents."""
        law, charge = parameters(period), line("charge", period)
        exempt = (line("is_ald", period) * law.ald_no_penalty[charge] > 0) | (
            line("is_c2s", period) * law.c2s_no_penalty[charge] > 0
        )
        concerned = (law.has_pathway[charge] == 1) & (line("is_concerned", period) == 1) & ~exempt
        is_out = (line("is_out", period) == 1) | (line("has_gp", period) == 0)
        points = share(line("base", period).astype(np.int64), law.penalty_points[charge])
        taken = np.minimum(np.minimum(points, line("gross", period)), law.penalty_cap[charge])
        return np.where(concerned & is_out, taken, 0)


def _input(name: str) -> type[Variable]:
    kind = str if name == "charge" else int
    about = {"value_type": kind, "entity": Line, "definition_period": DateUnit.MONTH}
    return type(name, (Variable,), {"__doc__": f"Input {name}.", **about})


def model(figures: pa.Table) -> TaxBenefitSystem:
    """Return the system with the figures as parameters."""
    rows = figures.to_pylist()
    data: dict[str, Any] = {name: {} for name in FIGURES}
    for row in rows:
        for name in FIGURES:
            values = data[name].setdefault(_key(row["act"], row["sector"]), {"values": {}})
            values["values"][row["since"].isoformat()] = {"value": int(row[name])}
    system = TaxBenefitSystem([Line])
    system.parameters = ParameterNode("law", data=data)
    for variable in (*map(_input, INPUTS), base, rate_bp, gross, penalty):
        system.add_variable(variable)
    return system


def _key(act: str, sector: str) -> str:
    return f"{act}_{sector}"


def run(source: Path, target: Path, figures: pa.Table) -> None:
    """Write base, rate, gross amount and penalty of a synthetic year, month by month."""
    system, lines = model(figures), pq.read_table(source)
    months = pc.strftime(lines["date"], "%Y-%m").combine_chunks().to_numpy(zero_copy_only=False)
    parts = []
    for month in np.unique(months):
        parts.append(_settled(system, lines.filter(pa.array(months == month)), str(month)))
    pq.write_table(pa.concat_tables(parts), target, compression="snappy")


def _settled(system: TaxBenefitSystem, lines: pa.Table, month: str) -> pa.Table:
    simulation = SimulationBuilder().build_default_simulation(system, len(lines))
    acts, sectors = (lines[name].cast(pa.string()) for name in ("act", "sector"))
    gp = pc.fill_null(pc.less_equal(lines["declared_gp_since"], lines["date"]), fill_value=False)
    coefficient = pc.round(pc.multiply(pc.fill_null(lines["coefficient"], 0), 10_000.0))
    facts = {
        "charge": pc.binary_join_element_wise(acts, sectors, "_"),
        "price": lines["price_cents"],
        "coefficient": coefficient.cast(pa.int64()),
        "is_ald": pc.bit_wise_and(lines["related"], 1),
        "is_c2s": pc.shift_right(pc.bit_wise_and(lines["covers"], 4), 2),
        "has_gp": gp.cast(pa.int8()),
        "is_out": pc.equal(lines["pathway"].cast(pa.string()), "out-of-pathway").cast(pa.int8()),
        "is_concerned": pc.not_equal(lines["pathway"].cast(pa.string()), "not-concerned").cast(
            pa.int8()
        ),
    }
    for name, values in facts.items():
        simulation.set_input(name, month, values.combine_chunks().to_numpy(zero_copy_only=False))
    found = {name: simulation.calculate(name, month) for name in AMOUNTS}
    return pa.table({"line": lines["line"], **found})
