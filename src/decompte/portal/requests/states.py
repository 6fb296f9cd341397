"""States of a request for reimbursement, and who may move it. Nothing else moves it."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """From the first keystroke to the money."""

    DRAFT = "draft", _("Draft")
    ANNOUNCED = "announced", _("To be posted")
    SUBMITTED = "submitted", _("Received, to be reviewed")
    RETURNED = "returned", _("Sent back: something is missing")
    ACCEPTED = "accepted", _("Papers accepted")
    DECIDED = "decided", _("Decided, payment to come")
    PAID = "paid", _("Paid")


class PaperState(models.TextChoices):
    """What the agency thinks of a paper."""

    RECEIVED = "received", _("Received")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("To be sent again")


class Channel(models.TextChoices):
    """How the papers travel."""

    ONLINE = "online", _("Online")
    POST = "post", _("By post")


EVENTS = {
    "request.created": _("Draft begun"),
    "request.submit": _("Sent"),
    "request.submit_again": _("Sent again"),
    "request.announce": _("To be sent by post"),
    "request.receive_post": _("Arrived by post"),
    "request.opened": _("Opened by the agency"),
    "request.send_back": _("Sent back"),
    "request.accept_papers": _("Papers accepted"),
    "request.mark_decided": _("Decided"),
    "request.mark_paid": _("Payment sent to the bank"),
    "paper.added": _("Paper added"),
    "paper.accepted": _("Paper accepted"),
    "paper.refused": _("Paper to be sent again"),
    "decision.taken": _("Amount computed"),
}


class Transition(NamedTuple):
    """A way from one state to another, and who may take it."""

    name: str
    before: State
    after: State
    who: str


TRANSITIONS = (
    Transition("submit", State.DRAFT, State.SUBMITTED, "member"),
    Transition("announce", State.DRAFT, State.ANNOUNCED, "member"),
    Transition("receive_post", State.ANNOUNCED, State.SUBMITTED, "agent"),
    Transition("send_back", State.SUBMITTED, State.RETURNED, "agent"),
    Transition("submit_again", State.RETURNED, State.SUBMITTED, "member"),
    Transition("accept_papers", State.SUBMITTED, State.ACCEPTED, "agent"),
    Transition("mark_decided", State.ACCEPTED, State.DECIDED, "agent"),
    Transition("mark_paid", State.DECIDED, State.PAID, "finance"),
)
