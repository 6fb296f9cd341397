"""The agencies: who they are, their addresses and offices by period, and the CPAM of a place."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from decompte.errors import Text
from decompte.procedure.load import cited, data, reason_of, text_or_none
from decompte.procedure.shapes import Address, Agency, Phone

CPAM = "cpam"


def agency(agency_id: str) -> Agency:
    """Return an agency by its id.

    Raises:
        KeyError: there is none; ids come from this room.
    """
    return agencies()[agency_id]


@lru_cache(maxsize=1)
def agencies() -> Mapping[str, Agency]:
    """Return the agencies by id, in the order in which they are offered."""
    return {name: _agency(name, entry) for name, entry in data("agencies").items()}


def choosable(residence: str) -> tuple[str, ...]:
    """Return the student agencies that a resident of a department may choose."""
    return tuple(
        one.id
        for one in agencies().values()
        if one.centre and (not one.departments or residence in one.departments)
    )


def address_on(agency_id: str, day: date) -> Address | None:
    """Return the postal address of an agency that is not known to be dead on a day, or None."""
    return next((one for one in agency(agency_id).addresses if one.is_alive(day)), None)


def offices_on(agency_id: str, day: date) -> tuple[Address, ...]:
    """Return the offices of an agency open to the public on a day; never for an envelope."""
    return tuple(one for one in agency(agency_id).offices if one.is_alive(day))


def cpam_of(residence: str) -> Agency:
    """Return the CPAM of a department, named; a CGSS or the CSSM overseas."""
    fund = data("funds").get(residence)
    if fund is None:
        return agency(CPAM)
    return agency(CPAM)._replace(name=Text(fr=fund["name"], en=fund["name"]))


def funds_of(residence: str) -> tuple[str, ...]:
    """Return the names of a department's funds when it has several, by place."""
    fund: Mapping[str, Any] = data("funds").get(residence, {})
    return tuple(fund.get("several", ()))


@lru_cache(maxsize=1)
def phones() -> tuple[Phone, ...]:
    """Return the numbers to call, by period."""
    return tuple(
        Phone(
            number=entry["number"],
            use=Text(**entry["use"]),
            since=entry.get("from"),
            until=entry.get("until"),
            is_from_abroad=entry.get("abroad", False),
            sources=cited(entry, f"phones.yaml: {entry['number']}"),
        )
        for entry in data("phones")["numbers"]
    )


def phone_on(day: date, *, is_from_abroad: bool = False) -> Phone | None:
    """Return the number to call on a day, from France or from abroad; None when none is known."""
    return next(
        (
            one
            for one in phones()
            if one.is_from_abroad is is_from_abroad
            and (one.since or day) <= day <= (one.until or day)
        ),
        None,
    )


def _agency(name: str, entry: Mapping[str, Any]) -> Agency:
    return Agency(
        id=name,
        name=Text(**entry["name"]),
        centre=entry.get("centre"),
        departments=frozenset(entry.get("departments", ())),
        until=entry.get("until"),
        addresses=_addresses("addresses", name),
        offices=_addresses("offices", name),
        phone=entry.get("phone"),
        has_back_office=entry.get("has_back_office", False),
        sources=cited(entry, f"agencies.yaml: {name}"),
    )


def read_address(entry: Mapping[str, Any], code: str, where: str) -> Address:
    """Return an address or office of a data file.

    Args:
        entry: as in `addresses.yaml`.
        code: of its reason.
        where: file and name, for the message when its source is missing.
    """
    return Address(
        lines=tuple(entry["lines"]),
        since=entry.get("from"),
        until=entry.get("until"),
        doubtful_before=entry.get("doubtful_before"),
        access=text_or_none(entry.get("access")),
        hours=text_or_none(entry.get("hours")),
        reason=reason_of(code, entry, where),
    )


def _addresses(use: str, name: str) -> tuple[Address, ...]:
    return tuple(
        read_address(entry, f"{use}.{name}", f"addresses.yaml: {name}")
        for entry in data("addresses")[use]
        if entry["of"] == name
    )
