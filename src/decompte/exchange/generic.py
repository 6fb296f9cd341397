"""What a line says of generics: a reference tariff, a refusal, the price of the dearest one."""

from datetime import date
from typing import NamedTuple

from decompte.engine.periods import Periods
from decompte.exchange.read import Fields, cents, day, flag
from decompte.law.age import age_on
from decompte.law.nomenclature.store import Entry, generic_price

FIELDS = ("reference_tariff", "generic_refused", "generic_price", "generic_since")
OF_A_REFUSAL = ("generic_price", "generic_since")
MEDICINE = "medicine"


class Generic(NamedTuple):
    """On which prices a medicine is reimbursed; None where nothing limits its base.

    Attributes:
        reference_tariff_cents: of its group, for one box.
        price_cents: of the dearest generic that was refused, for one box.
    """

    reference_tariff_cents: int | None = None
    price_cents: int | None = None


def generic(
    fields: Fields,
    law: Periods,
    act: str | None,
    entry: Entry | None,
    on: date | None,
    *,
    is_third_party: bool,
) -> Generic:
    """Return what a line says of generics; problems are noted.

    Args:
        fields: the line.
        law: the law by period.
        act: letter that the line charges, or None when it was wrong.
        entry: the nomenclature entry charged, or None.
        on: the day of care, or None when it was wrong.
        is_third_party: the pharmacist was paid by the insurance.
    """
    given = [name for name in FIELDS if fields.has(name)]
    tariff = fields.take("reference_tariff", cents)
    is_refused = fields.take("generic_refused", flag) or False
    price = fields.take("generic_price", cents)
    since = fields.take("generic_since", day)
    if not given or act is None or on is None:
        return Generic()
    if law.data.acts[act].franchise != MEDICINE:
        _refuse_other_care(fields, given[0], act)
        return Generic()
    if not is_refused:
        if given[-1] in OF_A_REFUSAL:
            _refuse_without_refusal(fields, given[-1])
        return Generic(tariff)
    if is_third_party and law.refusing_ends_third_party(on):
        _refuse_third_party(fields)
    is_young = since is not None and age_on(since, on) < law.grace_years(since)
    if is_young or not law.refusing_limits_base(on):
        return Generic(tariff)
    if price is None and entry is not None:
        price = generic_price(entry.code, on)
    if price is None:
        _ask_for_price(fields)
    return Generic(tariff, price)


def _refuse_other_care(fields: Fields, name: str, act: str) -> None:
    fields.refuse(
        name,
        "generic.no_medicine",
        f"{act} n'est pas un médicament remboursé ; laisser ce champ vide",
        f"{act} is no medicine that is reimbursed; leave this field out",
    )


def _refuse_without_refusal(fields: Fields, name: str) -> None:
    fields.refuse(
        name,
        "generic.not_refused",
        "ne compte que si le générique a été refusé (generic_refused: true)",
        "counts only where the generic was refused (generic_refused: true)",
    )


def _ask_for_price(fields: Fields) -> None:
    fields.refuse(
        "generic_price",
        "generic.price_missing",
        "le générique a été refusé : donner le prix du générique le plus cher du groupe (pour "
        "un code CIP13, decompte import generics le trouve), ou generic_since, le jour du prix "
        "du premier générique, si c'est récent",
        "the generic was refused: give the price of the dearest generic of its group (for a "
        "code, CIP13, `decompte import generics` finds it), or generic_since, the day of the "
        "price of the first generic, if that is recent",
    )


def _refuse_third_party(fields: Fields) -> None:
    fields.refuse(
        "third_party_payment",
        "generic.third_party",
        "qui refuse le générique avance le prix : pas de tiers payant ; si un tarif forfaitaire "
        "ou une raison médicale le permettait, laisser generic_refused vide",
        "who refuses the generic advances the price: no third-party payment; where a reference "
        "tariff or a medical reason allowed it, leave generic_refused out",
    )
