"""The portal's clock: the only place that asks the machine what time it is.

The demonstration lives in another year: `DECOMPTE_DAYS_BACK` days are taken off.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """Return the portal's moment, with its time zone."""
    return timezone.now() - timedelta(days=settings.DAYS_BACK)


def today() -> date:
    """Return the portal's day in Paris."""
    return timezone.localdate(now())


def machine_day() -> date:
    """Return the machine's own day in Paris: what anybody may ask about, whatever the portal's."""
    return timezone.localdate()


def by_machine(moment: datetime) -> datetime:
    """Return a moment of the portal by the machine's clock: for what a library dated itself."""
    return moment + timedelta(days=settings.DAYS_BACK)


def machine_seconds() -> int:
    """Return the machine's own seconds since 1970: for signatures that others check by theirs."""
    return int(timezone.now().timestamp())
