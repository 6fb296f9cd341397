"""The days of an answer as a calendar file, and an appointment with what to bring."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from decompte.portal import clock

REMINDED_DAYS = 14
APPOINTMENT_LENGTH = timedelta(minutes=30)


def of_answer(advice: Mapping[str, Any]) -> bytes:
    """Return every dated deadline of an answer, each with a reminder two weeks before.

    Args:
        advice: in the result format.
    """
    calendar = _calendar()
    for deadline in advice["deadlines"]:
        if deadline["until"]:
            day = date.fromisoformat(deadline["until"])
            event = _event(f"{deadline['code']}-{day}", deadline["what"], day)
            event.add("dtend", day + timedelta(days=1))
            event.add("description", deadline["reasons"][0]["text"])
            event.add_component(_alarm(deadline["what"], timedelta(days=-REMINDED_DAYS)))
            calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def of_appointment(advice: Mapping[str, Any], at: datetime) -> bytes:
    """Return an appointment with the fund: when, with whom, what to bring.

    Args:
        advice: in the result format, with a destination that takes appointments.
        at: beginning, in Paris.
    """
    calendar, send = _calendar(), advice["send_to"]
    summary = _("Appointment: %(fund)s") % {"fund": send["name"]}
    event = _event(f"appointment-{at.isoformat()}", summary, at)
    event.add("dtend", at + APPOINTMENT_LENGTH)
    papers = [paper["label"] for paper in advice["documents"] if paper["use"] == "request"]
    event.add("description", "\n".join([*send["appointment"]["bring"], *papers]))
    event.add_component(_alarm(summary, timedelta(days=-1)))
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Decompte//FR")
    calendar.add("version", "2.0")
    return calendar


def _event(name: str, summary: str, start: date | datetime) -> Event:
    event = Event()
    event.add("uid", f"{name}@decompte")
    event.add("dtstamp", clock.now())
    event.add("dtstart", start)
    event.add("summary", summary)
    return event


def _alarm(words: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", before)
    return alarm
