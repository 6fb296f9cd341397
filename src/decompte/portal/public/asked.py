"""Turns the public forms into documents of the exchange formats, and problems back to fields."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from decompte.errors import Refusal
from decompte.portal.people.templatetags.words import in_language

FIELDS = {
    "amount": "paid",
    "practitioner.specialty": "specialty",
    "practitioner.sector": "sector",
    "declared_gp_since": "declared_gp_since",
    "covers": "rights",
}


def person(values: Mapping[str, Any], days: Sequence[Any]) -> dict[str, Any]:
    """Return the person of a case; rights are held from the first day of care on."""
    since = values["declared_gp_since"]
    return {
        "birth_date": values["birth_date"].isoformat(),
        "declared_gp_since": since.isoformat() if since else None,
        "scheme": "alsace-moselle" if values["is_local"] else "general",
        "covers": [{"kind": kind, "from": min(days).isoformat()} for kind in values["rights"]],
    }


def line(values: Mapping[str, Any], rights: Sequence[str]) -> dict[str, Any]:
    """Return a care line of a case."""
    practitioner = {"sector": values["sector"]}
    if values["specialty"]:
        practitioner["specialty"] = values["specialty"]
    return {
        "date": values["date"].isoformat(),
        "act": values["act"],
        "price": euros(values["price"]),
        "quantity": values["quantity"] or 1,
        "coefficient": values["coefficient"].replace(",", ".") or None,
        "practitioner": practitioner,
        "pathway": values["pathway"],
        "ald_related": "ald" in rights,
    }


def paid(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a statement says of a line; what was kept back apart is taken off."""
    net = max(values["paid"] - (values["kept"] or 0), 0)
    rate = values["rate"].replace(",", ".").replace("%", "").strip()
    return {
        "amount": euros(net),
        "base": euros(values["base"]) if values["base"] is not None else None,
        "rate": rate or None,
    }


def euros(amount_cents: int) -> str:
    """Return cents as the exchange formats write them: `23.00`."""
    return f"{amount_cents // 100}.{amount_cents % 100:02d}"


def show(refusal: Refusal, about: forms.Form, lines: Sequence[forms.Form]) -> list[str]:
    """Show a refusal's problems at the fields they are about; return those about no field."""
    elsewhere = []
    for problem in refusal.problems:
        found = re.match(r"lines\[(\d+)\]\.(?:paid\.)?(.+)", problem.field)
        form = lines[int(found[1])] if found else about
        path = found[2] if found else problem.field.removeprefix("person.")
        name = FIELDS.get(path.split("[")[0], path)
        if name in form.fields:
            form.add_error(name, in_language(problem.message))
        else:
            elsewhere.append(in_language(problem.message))
    return elsewhere
