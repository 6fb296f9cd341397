"""Dates of a request as a calendar file: no name, no care, no amount in it."""

from datetime import timedelta

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from decompte.portal import clock
from decompte.portal.requests import services, status
from decompte.portal.requests.models import Request

REMINDED = timedelta(days=-7)


def of_request(request: Request, address: str) -> bytes:
    """Return the next date of a request as iCalendar; a calendar without events when it has none.

    Args:
        request: the request.
        address: of the file, to go back to the request.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Decompte//FR")
    calendar.add("version", "2.0")
    first = request.lines.first()
    moved = services.moved_on(services.timeline(request))
    said = status.of(request, first.care_date if first else None, moved)
    if said.day:
        event = Event()
        event.add("uid", f"{request.public_id}@decompte")
        event.add("dtstamp", clock.now())
        event.add("dtstart", said.day)
        event.add("dtend", said.day + timedelta(days=1))
        words = _("Request %(reference)s: my turn") if said.is_yours else _("Request %(reference)s")
        event.add("summary", words % {"reference": request.reference})
        event.add("url", address.rpartition("/")[0] + "/")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", words % {"reference": request.reference})
        alarm.add("trigger", REMINDED if said.is_yours else timedelta(0))
        event.add_component(alarm)
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
