"""What each role of staff may do: one table; pages ask for a power by name.

A registrar works for a school: there the school stands in the place of the agency, so that the
walls between agencies are the walls between schools as well.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Who works at an agency, or at a school."""

    AGENT = "agent", _("Agent")
    ADJUDICATOR = "adjudicator", _("Adjudicator")
    FINANCE = "finance", _("Finance officer")
    PREPARER = "preparer", _("Payment preparer")
    APPROVER = "approver", _("Payment approver")
    SUPERVISOR = "supervisor", _("Supervisor")
    AUDITOR = "auditor", _("Auditor")
    DPO = "dpo", _("Data-protection officer")
    ADMINISTRATOR = "administrator", _("Administrator")
    REGISTRAR = "registrar", _("School's registrar")


# A finance officer of a small agency prepares or approves, never both on one file (a constraint).
POWERS = {
    Role.AGENT: {"read", "review"},
    Role.ADJUDICATOR: {"read", "review", "adjudicate"},
    Role.FINANCE: {"read", "pay", "prepare", "approve"},
    Role.PREPARER: {"read", "pay", "prepare"},
    Role.APPROVER: {"read", "pay", "approve"},
    Role.SUPERVISOR: {"read", "review", "adjudicate", "steer", "oversee", "vouch", "tend"},
    Role.AUDITOR: {"read", "steer", "oversee"},
    Role.DPO: {"oversee"},
    Role.ADMINISTRATOR: {"administer", "vouch", "tend"},
    Role.REGISTRAR: {"enrol"},
}
SCHOOL = "school:"
AT_AN_AGENCY = tuple(role.value for role in Role if role != Role.REGISTRAR)


def may(role: str, power: str) -> bool:
    """Return whether a role has a power."""
    return power in POWERS[Role(role)]


def with_power(power: str) -> list[str]:
    """Return the roles that have a power."""
    return [role.value for role, powers in POWERS.items() if power in powers]
