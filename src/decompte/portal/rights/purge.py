"""Takes away what is due to go, in small steps that each stand alone.

Every step asks the database what is due, so the job may be killed at any moment and begun again:
what is done is not due any more, and nothing is done by halves. The periods are those of
`procedure.retention` on the portal's day.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from decompte.portal import clock
from decompte.portal.api import handing, hooks, reading
from decompte.portal.background import services as background
from decompte.portal.idempotency import services as answers
from decompte.portal.outbox import services as outbox
from decompte.portal.payments import services as payments
from decompte.portal.people import typed
from decompte.portal.people.scope import system
from decompte.portal.people.templatetags.words import day as in_words
from decompte.portal.registration import enrolments as registration
from decompte.portal.requests.states import State
from decompte.portal.rights import closing, erasing
from decompte.portal.rights.holdings import holding_of
from decompte.procedure.retention import due_before

SOME = 200
WARNING = timedelta(days=30)
UNSENT = (State.DRAFT, State.ANNOUNCED)
ANSWERED = (
    State.REFUSED,
    State.PAID,
    State.DECIDED,
    State.PARTLY,
    State.UPHELD,
    State.CORRECTED,
)
LEFT_LYING = (State.RETURNED,)


class Purged(NamedTuple):
    """What one run took away."""

    requests: int
    warned: int
    closed: int
    erased: int
    mails: int
    files: int
    emptied: int
    jobs: int


def purge() -> Purged:
    """Take away everything that is due today; return how much."""
    with system("what is no longer to be kept"):
        return Purged(
            requests=_each(due_requests, _forget),
            warned=_each(unused_to_warn, _warn),
            closed=_each(unused, closing.close_unused),
            erased=_each(closed_and_due, erasing.erase),
            mails=_old_mails(),
            emptied=_old_files(),
            jobs=background.forget(_before("tasks")),
            files=_loose_ends(),
        )


def due_requests() -> list[Any]:
    """Return some requests whose care is due to go, of which no money is under way."""
    rows = holding_of("requests.Request").rows.filter(forgotten_at__isnull=True)
    last = Greatest(
        Coalesce("paid_at", "created_at"),
        Coalesce("appealed_at", "created_at"),
        Coalesce("submitted_at", "created_at"),
    )
    care, draft = _before("care"), _before("draft")
    due = rows.annotate(last=last).filter(
        Q(state__in=(*ANSWERED, *LEFT_LYING), last__lt=care)
        | Q(state__in=UNSENT, created_at__lt=draft)
    )
    decided = holding_of("decisions.Decision").rows
    found: list[Any] = []
    for one in due.order_by("pk").iterator(chunk_size=SOME):
        keys = list(decided.filter(request_id=one.pk).values_list("pk", flat=True))
        if not payments.open_decisions(keys):
            found.append(one)
        if len(found) == SOME:
            break
    return found


def unused() -> list[Any]:
    """Return some accounts of members that nobody used for the whole period, after a warning."""
    warned = clock.now() - WARNING
    return list(_unused(_before("unused")).filter(warned_at__lt=warned)[:SOME])


def unused_to_warn() -> list[Any]:
    """Return some accounts that will be closed in a month unless somebody signs in."""
    return list(_unused(_before("unused") + WARNING).filter(warned_at__isnull=True)[:SOME])


def closed_and_due() -> list[Any]:
    """Return some closed accounts of which nothing is to be kept any more."""
    users = holding_of("people.User").rows
    closed = users.filter(closed_at__isnull=False).exclude(email__endswith="@erased.invalid")
    found: list[Any] = []
    for user in closed.order_by("pk").iterator(chunk_size=SOME):
        if closing.kept_until(user) is None:
            found.append(user)
        if len(found) == SOME:
            break
    return found


def _each(due: Callable[[], list[Any]], act: Callable[[Any], object]) -> int:
    """Act on everything that is due, some at a time; return how many there were."""
    count = 0
    while some := due():
        for one in some:
            act(one)
        count += len(some)
    return count


def _forget(request: Any) -> None:
    erasing.forget_request(request.pk, request.public_id, request.agency)


def _unused(before: datetime) -> Any:
    """Return the accounts of members, still open, whose last sign-in is before a moment."""
    users = holding_of("people.User").rows.filter(closed_at__isnull=True, is_active=True)
    used = Coalesce("last_login", "joined_at")
    members = users.annotate(used=used).filter(used__lt=before, staff_role__isnull=True)
    return members.order_by("pk")


@transaction.atomic
def _warn(user: Any) -> None:
    """Tell the holder of an unused account that it will be closed, once."""
    last = timezone.localtime(clock.now() + WARNING)
    with translation.override(user.language):
        outbox.enqueue(
            f"account.unused:{user.public_id}:{clock.today().isoformat()}",
            recipient=user.email,
            language=user.language,
            subject=_("Your account will be closed"),
            body=_(
                "Nobody has signed in to your account for almost two years. Sign in before "
                "%(day)s to keep it; otherwise it is closed."
            )
            % {"day": in_words(last)},
        )
    holding_of("people.User").rows.filter(pk=user.pk).update(warned_at=clock.now())


def _old_mails() -> int:
    return outbox.forget_before(_before("mail"))


def _old_files() -> int:
    """Empty the payment files that the books no longer need."""
    return sum(iter(lambda: payments.empty_files(_before("books")), 0))


def _loose_ends() -> int:
    """Take away what expired of itself, and files whose rows are gone.

    Sessions, hand-overs, school lists; of programs, their answers, readings and notices.
    """
    SessionStore.clear_expired()
    handing.forget_expired(clock.now())
    for forget in (answers.forget, reading.forget, hooks.forget):
        forget()
    typed.forget_old()
    registration.forget_lists(_before("unused"))
    return erasing.sweep()


def _before(kept: str) -> datetime:
    """Return the moment before which what began is due to go."""
    day = due_before(kept, clock.today())
    assert day is not None, "only what goes is asked"
    return timezone.make_aware(datetime.combine(day, time.min))
