"""Verbs about appointments: open times, book, move, cancel, note who came.

A booking is one row; the database lets one person have a slot, so that of two who book at once one
wins and the other is told. Each verb tells audit and outbox in its transaction; mails name the day
and the place, never the care.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from decompte.errors import Problem, Refusal, Text
from decompte.portal import clock
from decompte.portal.appointments.models import Appointment, Slot
from decompte.portal.appointments.states import State, Way
from decompte.portal.audit import services as audit
from decompte.portal.outbox import services as outbox
from decompte.portal.people import services as people
from decompte.portal.people.scope import system
from decompte.portal.requests import services as requests

NOTICE = timedelta(hours=2)
MOST_SLOTS = 60
MOST_SHOWN = 60


@transaction.atomic
def open_slots(  # noqa: PLR0913
    agency: str,
    first: datetime,
    until: datetime,
    *,
    minutes: int,
    way: str,
    place: str,
    actor: str,
) -> int:
    """Offer the times from one moment to another, and return how many are new.

    Args:
        agency: whose desk.
        first: when the first begins.
        until: when the last ends at the latest.
        minutes: how long each is.
        way: of `states.Way`.
        place: the room, or the number that is called.
        actor: public id.

    Raises:
        Refusal: the times are past, in the wrong order, or too many at once.
    """
    length = timedelta(minutes=minutes)
    if first <= clock.now() or first + length > until:
        raise _refusal(
            "first",
            "slot.time",
            "le premier rendez-vous doit être à venir, et tenir en entier avant la fin du dernier",
            "the first appointment must be still to come, and fit in before the last one ends",
        )
    starts: list[datetime] = []
    while first + length <= until and len(starts) <= MOST_SLOTS:
        starts.append(first)
        first += length
    if len(starts) > MOST_SLOTS:
        raise _refusal(
            "until",
            "slot.many",
            f"au plus {MOST_SLOTS} créneaux à la fois",
            f"at most {MOST_SLOTS} times at once",
        )
    taken = Slot.objects.filter(agency=agency, place=place, closed_at__isnull=True)
    known = set(taken.filter(starts_at__in=starts).values_list("starts_at", flat=True))
    made = [
        Slot(agency=agency, starts_at=at, minutes=minutes, way=way, place=place, opened_by=actor)
        for at in starts
        if at not in known
    ]
    Slot.objects.bulk_create(made)
    audit.record(
        "slots.opened", f"agency:{agency}", actor=actor, agency=agency, detail={"number": len(made)}
    )
    return len(made)


@transaction.atomic
def close_slot(slot: Slot, actor: str) -> bool:
    """Take a time back that nobody took; False when somebody did, or it is closed already."""
    if _live(slot).exists():
        return False
    closed = Slot.objects.filter(pk=slot.pk, closed_at__isnull=True).update(closed_at=clock.now())
    if closed:
        audit.record("slot.closed", f"slot:{slot.public_id}", actor=actor, agency=slot.agency)
    return bool(closed)


def free_slots(agency: str) -> list[Slot]:
    """Return the times of an agency that can still be booked, the next one first."""
    with system("the times an agency offers to everybody"):
        rows = Slot.objects.filter(
            agency=agency, closed_at__isnull=True, starts_at__gt=clock.now() + NOTICE
        )
        taken = Appointment.objects.filter(
            agency=agency, state__in=[State.BOOKED, State.KEPT, State.MISSED]
        )
        return list(rows.exclude(pk__in=taken.values("slot_id"))[:MOST_SHOWN])


def free_slot(agency: str, public_id: str) -> Slot | None:
    """Return a time that can still be booked, or None."""
    return next((one for one in free_slots(agency) if one.public_id == public_id), None)


def book(request: Any, slot: Slot, actor: str) -> Appointment:
    """Take a time for a request; its agency sees the member from now on.

    Raises:
        Refusal: somebody was faster, or the request has an appointment already.
    """
    with transaction.atomic():
        booked = _book(request, slot, actor)
        _tell(booked, "appointment.booked", actor)
        _mail(booked, "booked", gettext_noop("Your appointment"), CONFIRMED)
    return booked


def move(booked: Appointment, slot: Slot, actor: str) -> Appointment:
    """Take another time instead.

    Raises:
        Refusal: somebody was faster, or the appointment is no longer booked.
    """
    with transaction.atomic():
        if not _leave(booked, State.MOVED):
            raise _gone()
        later = _book(booked.request, slot, actor)
        _tell(later, "appointment.moved", actor)
        _mail(later, "moved", gettext_noop("Your appointment was moved"), CONFIRMED)
    return later


def cancel(booked: Appointment, actor: str) -> bool:
    """Cancel an appointment; its time is free again. False when it is no longer booked."""
    with transaction.atomic():
        moved = _leave(booked, State.CANCELLED)
        if moved:
            _tell(booked, "appointment.cancelled", actor)
            _mail(booked, "cancelled", gettext_noop("Your appointment was cancelled"), CANCELLED)
    return moved


def note(booked: Appointment, state: str, actor: str) -> bool:
    """Note that an appointment took place, or that nobody came; False before its time."""
    if state not in {State.KEPT, State.MISSED} or booked.slot.starts_at > clock.now():
        return False
    with transaction.atomic():
        moved = _leave(booked, state)
        if moved:
            _tell(booked, f"appointment.{state}", actor)
    return moved


def of_day(day: date) -> list[tuple[Slot, Appointment | None]]:
    """Return the times the scope's agency offers on a day, each with who took it."""
    since = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    rows = Slot.objects.filter(starts_at__gte=since, starts_at__lt=since + timedelta(days=1))
    slots = list(rows)
    live = Appointment.objects.filter(slot__in=slots).exclude(
        state__in=[State.MOVED, State.CANCELLED]
    )
    taken = {one.slot_id: one for one in live.select_related("member", "request")}
    each = [(slot, taken.get(slot.pk)) for slot in slots]
    return [(slot, one) for slot, one in each if one or slot.closed_at is None]


def of_member(member_id: int) -> list[Appointment]:
    """Return a member's appointments within the scope, the next one last."""
    rows = Appointment.objects.filter(member_id=member_id).select_related("slot", "request")
    return list(rows.order_by("slot__starts_at", "id"))


def of_request(request_id: int) -> Appointment | None:
    """Return the booked appointment of a request, or None."""
    found: Appointment | None = (
        Appointment.objects.filter(request_id=request_id, state=State.BOOKED)
        .select_related("slot")
        .first()
    )
    return found


def find(public_id: str) -> Appointment | None:
    """Return an appointment within the scope, or None."""
    found: Appointment | None = (
        Appointment.objects.filter(public_id=public_id)
        .select_related("slot", "request", "member__user")
        .first()
    )
    return found


def find_slot(public_id: str) -> Slot | None:
    """Return a time within the scope, or None."""
    found: Slot | None = Slot.objects.filter(public_id=public_id).first()
    return found


def to_bring(request: Any) -> list[Text]:
    """Return what to have at hand: what the fund asks for, and the papers of the request."""
    situation = requests.situation_of(request)
    destination = requests.destination_of(situation)
    papers = [one.label for one in requests.required_papers(request, situation)]
    return list(dict.fromkeys([*destination.bring, *papers]))


def when(slot: Slot) -> str:
    """Return a time in the reader's language, such as `20 March 2014, 14:30`."""
    return date_format(timezone.localtime(slot.starts_at), "j F Y, H:i")


CONFIRMED = gettext_noop(
    "%(when)s, %(way)s: %(place)s. Sign in to see what to bring, to put it into your calendar, to "
    "move or to cancel it."
)
CANCELLED = gettext_noop("The appointment of %(when)s is cancelled. Sign in to book another.")


def _book(request: Any, slot: Slot, actor: str) -> Appointment:
    try:
        with transaction.atomic():
            booked: Appointment = Appointment.objects.create(
                slot=slot,
                member_id=request.member_id,
                agency=slot.agency,
                request_id=request.pk,
                booked_by=actor,
                booked_at=clock.now(),
            )
    except IntegrityError:
        raise _refusal(
            "slot",
            "slot.taken",
            "ce créneau vient d'être pris, ou cette demande a déjà un rendez-vous",
            "this time was just taken, or this request has an appointment already",
        ) from None
    people.let_see(request.member, slot.agency)
    return booked


def _leave(booked: Appointment, state: str) -> bool:
    moved = Appointment.objects.filter(pk=booked.pk, state=State.BOOKED).update(state=state)
    booked.state = state if moved else booked.state
    return bool(moved)


def _live(slot: Slot) -> Any:
    return Appointment.objects.filter(slot=slot).exclude(state__in=[State.MOVED, State.CANCELLED])


def _tell(booked: Appointment, code: str, actor: str) -> None:
    audit.record(code, f"appointment:{booked.public_id}", actor=actor, agency=booked.agency)


def _mail(booked: Appointment, what: str, subject: str, body: str) -> None:
    user = booked.request.member.user
    with translation.override(user.language):
        words = {
            "when": when(booked.slot),
            "way": Way(booked.slot.way).label,
            "place": booked.slot.place,
        }
        outbox.enqueue(
            f"appointment:{booked.public_id}:{what}",
            recipient=user.email,
            language=user.language,
            subject=gettext(subject),
            body=gettext(body) % words,
        )


def no_longer_free() -> Refusal:
    """Return what one is told whose time somebody else took."""
    return _refusal(
        "slot",
        "slot.taken",
        "ce créneau n'est plus libre : choisissez-en un autre",
        "this time is no longer free: choose another one",
    )


def _gone() -> Refusal:
    return _refusal(
        "appointment",
        "appointment.gone",
        "ce rendez-vous n'est plus réservé",
        "this appointment is no longer booked",
    )


def _refusal(field: str, code: str, fr: str, en: str) -> Refusal:
    return Refusal([Problem(code, field, Text(fr=fr, en=en))])
