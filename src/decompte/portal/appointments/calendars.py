"""An appointment as a calendar file: when, where, what to bring; no care and no amount in it."""

from datetime import timedelta

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from decompte.portal import clock
from decompte.portal.appointments import services
from decompte.portal.appointments.models import Appointment
from decompte.portal.appointments.states import State, Way
from decompte.portal.people.templatetags.words import in_language
from decompte.procedure.agencies import agency

REMINDED = timedelta(days=-1)


def of_appointment(booked: Appointment, address: str) -> bytes:
    """Return an appointment as iCalendar; one moved or cancelled replaces itself there.

    Args:
        booked: the appointment.
        address: of its page.
    """
    slot, event = booked.slot, Event()
    summary = _("Appointment: %(fund)s") % {"fund": in_language(agency(booked.agency).name)}
    event.add("uid", f"appointment-{booked.request.public_id}@decompte")
    event.add("sequence", booked.pk)
    event.add("dtstamp", clock.now())
    event.add("dtstart", slot.starts_at)
    event.add("dtend", slot.starts_at + timedelta(minutes=slot.minutes))
    event.add("summary", summary)
    event.add("location", f"{Way(slot.way).label}: {slot.place}")
    is_off = booked.state in {State.CANCELLED, State.MOVED}
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("url", address)
    bring = [in_language(one) for one in services.to_bring(booked.request)]
    event.add("description", "\n".join([_("What to bring:"), *bring]))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", REMINDED)
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Decompte//FR")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
