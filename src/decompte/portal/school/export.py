"""A school's list with how far each student is: on the page, and as a table to be given again."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from decompte.exchange import cells
from decompte.portal.payments import services as payments
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.registration import enrolments
from decompte.procedure.agencies import agency

STATUSES: dict[str, Promise | str] = {
    "compulsory": _("Affiliated, contribution due"),
    "automatic": _("Affiliated, nothing to pay"),
    "optional": _("May affiliate"),
    "exempt": _("Covered elsewhere"),
    "not-eligible": _("Not of the student scheme"),
}
PAID = {"paid", "collected"}
HEAD = (
    *("Numéro étudiant", "Nom", "Prénom", "Date de naissance", "Courriel"),
    *("Avancement", "Étape", "Statut", "Organisme", "Cotisation", "Payée", "Quitté la liste le"),
)


class Row(NamedTuple):
    """A student of the list, with what the school may know; no contribution known is None."""

    student: Any
    status: Promise | str
    agency: str
    contribution_cents: int | None
    is_paid: bool


def rows(students: Sequence[Any]) -> list[Row]:
    """Return students of the list as their school sees them."""
    known = enrolments.followed(students)
    paid = payments.states_of([one.registration for one in known if one.registration])
    return [
        Row(
            one.enrolment,
            STATUSES.get(one.status, ""),
            in_language(agency(one.agency).name) if one.agency else "",
            one.contribution_cents,
            paid.get(one.registration) in PAID,
        )
        for one in known
    ]


def table(school: str) -> bytes:
    """Return this year's list with how far each is, as a table that can be given again."""
    return cells.table(HEAD, (_cells(row) for row in rows(list(enrolments.students(school)))))


def _cells(row: Row) -> tuple[object, ...]:
    one, cents = row.student, row.contribution_cents
    return (
        one.student_number,
        one.family_name,
        one.given_name,
        one.birth_date.strftime("%d/%m/%Y"),
        one.email,
        one.get_state_display(),
        one.step,
        row.status,
        row.agency,
        "" if cents is None else f"{cents // 100},{cents % 100:02d}",
        "" if not cents else _("yes") if row.is_paid else _("no"),
        one.left_on,
    )
