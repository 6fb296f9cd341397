"""What each role of an agency's staff may do: one table; pages ask for a power by name."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Who works at an agency."""

    AGENT = "agent", _("Agent")
    ADJUDICATOR = "adjudicator", _("Adjudicator")
    FINANCE = "finance", _("Finance officer")
    PREPARER = "preparer", _("Payment preparer")
    APPROVER = "approver", _("Payment approver")
    SUPERVISOR = "supervisor", _("Supervisor")
    AUDITOR = "auditor", _("Auditor")
    DPO = "dpo", _("Data-protection officer")
    ADMINISTRATOR = "administrator", _("Administrator")


# A finance officer of a small agency prepares or approves, never both on one file (a constraint).
POWERS = {
    Role.AGENT: {"read", "review"},
    Role.ADJUDICATOR: {"read", "review", "adjudicate"},
    Role.FINANCE: {"read", "pay", "prepare", "approve"},
    Role.PREPARER: {"read", "pay", "prepare"},
    Role.APPROVER: {"read", "pay", "approve"},
    Role.SUPERVISOR: {"read", "review", "adjudicate", "steer", "oversee"},
    Role.AUDITOR: {"read", "steer", "oversee"},
    Role.DPO: {"oversee"},
    Role.ADMINISTRATOR: {"administer"},
}


def may(role: str, power: str) -> bool:
    """Return whether a role has a power."""
    return power in POWERS[Role(role)]


def with_power(power: str) -> list[str]:
    """Return the roles that have a power."""
    return [role.value for role, powers in POWERS.items() if power in powers]
