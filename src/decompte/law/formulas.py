"""Whether the formulas of complementary insurance keep to what the texts allow."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain

from decompte.errors import Text
from decompte.law.shapes import Figure, LawData

FIGURES = (
    "complementary.responsible",
    "complementary.pays_participation",
    "responsible.copayment_floor",
    "responsible.overcharge_ceiling_without_optam",
    "responsible.overcharge_gap",
    "responsible.withheld_out_of_pathway",
    "responsible.glasses_floor",
    "responsible.glasses_ceiling",
    "responsible.frame_ceiling",
    "responsible.pays_basket",
)
DEVICES_OF_A_PAIR = 3


def problems(law: LawData) -> Iterator[Text]:
    """Yield one sentence a formula and day from which it breaks a bound; none is sound.

    No formula pays the participation, the franchise or the penalty. One that is marked responsible
    keeps to the floors and ceilings of its days. A pair of glasses is three devices: a frame and
    two lenses. A law without these figures has no formula to judge.
    """
    if not set(FIGURES) <= set(law.figures):
        return
    for value in law.figures["complementary.pays_participation"].values:
        if value.amount != 0:
            yield Text(
                fr=f"complementary.pays_participation du {value.since} : aucun contrat ne peut la "
                "payer",
                en=f"complementary.pays_participation of {value.since}: no contract may pay it",
            )
    told: set[Text] = set()
    for day in _days(law.figures):
        for formula in _formulas(law.figures):
            for problem in _broken(Terms(law.figures, formula, day)):
                if problem not in told:
                    told.add(problem)
                    yield Text(fr=f"{problem.fr} (vu le {day})", en=f"{problem.en} (seen on {day})")


class Terms:
    """What one formula pays on a day, and the bounds of that day."""

    def __init__(self, figures: Mapping[str, Figure], formula: str, day: date) -> None:
        """Keep whose terms are asked for."""
        self.figures = figures
        self.formula = formula
        self.day = day

    def of(self, name: str) -> int:
        """Return what the formula pays, 0 where it says nothing."""
        value = self.figures[f"complementary.{name}"].on(self.day)
        amount = value.worth(self.formula) if value else None
        return amount if isinstance(amount, int) else 0

    def bound(self, name: str) -> int | None:
        """Return a bound in force, or None."""
        value = self.figures[f"responsible.{name}"].on(self.day)
        amount = value.amount if value else None
        return amount if isinstance(amount, int) else None


def _days(figures: Mapping[str, Figure]) -> list[date]:
    ours = (
        figure
        for name, figure in figures.items()
        if name.startswith(("complementary.", "responsible."))
    )
    return sorted({value.since for value in chain.from_iterable(one.values for one in ours)})


def _formulas(figures: Mapping[str, Figure]) -> list[str]:
    amounts = (value.amount for value in figures["complementary.responsible"].values)
    return sorted({name for amount in amounts if isinstance(amount, Mapping) for name in amount})


def _broken(terms: Terms) -> Iterator[Text]:
    if terms.of("responsible") != 1:
        return
    flat, free = terms.of("flat_sum_device"), terms.of("overcharge_share_without_optam")
    gap, usual = terms.bound("overcharge_gap"), terms.of("overcharge_share")
    checks = (
        ("copayment_share", terms.of("copayment_share"), terms.bound("copayment_floor"), None),
        ("overcharge_share_without_optam", free, None, _ceiling(terms)),
        (
            "overcharge_share_without_optam",
            free,
            None,
            None if gap is None or free == 0 else usual - gap,
        ),
        (
            "withheld_out_of_pathway",
            terms.of("withheld_out_of_pathway"),
            terms.bound("withheld_out_of_pathway"),
            None,
        ),
        ("pays_basket", terms.of("pays_basket"), terms.bound("pays_basket"), None),
        ("flat_sum_device", flat, None, terms.bound("frame_ceiling")),
        (
            "flat_sum_device of a pair",
            flat * DEVICES_OF_A_PAIR,
            terms.bound("glasses_floor") if flat else None,
            terms.bound("glasses_ceiling"),
        ),
    )
    for name, amount, floor, ceiling in checks:
        if floor is not None and amount < floor:
            yield Text(
                fr=f"{terms.formula} : {name} vaut {amount}, un contrat responsable paie {floor}",
                en=f"{terms.formula}: {name} is {amount}, a responsible contract pays {floor}",
            )
        if ceiling is not None and amount > ceiling:
            yield Text(
                fr=f"{terms.formula} : {name} vaut {amount}, un contrat responsable s'arrête à "
                f"{ceiling}",
                en=f"{terms.formula}: {name} is {amount}, a responsible contract stops at "
                f"{ceiling}",
            )


def _ceiling(terms: Terms) -> int | None:
    return terms.bound("overcharge_ceiling_without_optam")
