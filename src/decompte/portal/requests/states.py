"""States of a request for reimbursement, and who may move it. Nothing else moves it."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """From the first keystroke to the money, and back when somebody was wrong."""

    DRAFT = "draft", _("Draft")
    ANNOUNCED = "announced", _("To be posted")
    SUBMITTED = "submitted", _("Received, to be reviewed")
    IN_REVIEW = "in_review", _("Under review")
    RETURNED = "returned", _("Sent back: something is missing")
    ACCEPTED = "accepted", _("Papers accepted")
    DECIDED = "decided", _("Decided, payment to come")
    PARTLY = "partly", _("Decided in part, payment to come")
    REFUSED = "refused", _("Refused")
    PAID = "paid", _("Paid")
    APPEALED = "appealed", _("Contested, to be looked at again")
    CORRECTED = "corrected", _("Corrected, payment to come")
    UPHELD = "upheld", _("Contested, and confirmed")


class PaperState(models.TextChoices):
    """What the agency thinks of a paper."""

    WAITING = "waiting", _("Being checked for viruses")
    RECEIVED = "received", _("Received")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("To be sent again")


class Reading(models.TextChoices):
    """How the words of a paper were read, for the search of its agency."""

    NOT_YET = "", _("not yet")
    TEXT = "text", _("from the text of the PDF")
    SCAN = "scan", _("from the picture")
    NONE = "none", _("nothing could be read")


class Verdict(models.TextChoices):
    """What a second look at a decided request found."""

    RIGHT = "right", _("All was right")
    AMOUNT = "amount", _("The amount is wrong")
    PAPERS = "papers", _("A paper does not prove it")
    WORDS = "words", _("The answer is hard to understand")


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
    "request.take": _("Taken by an agent"),
    "request.put_back": _("Put back on the list"),
    "request.assign": _("Given to an agent"),
    "request.send_back": _("Sent back"),
    "request.remind": _("Reminder sent"),
    "request.accept_papers": _("Papers accepted"),
    "request.mark_decided": _("Decided"),
    "request.mark_partly": _("Decided in part"),
    "request.refuse": _("Refused"),
    "request.mark_paid": _("Payment sent to the bank"),
    "request.appeal": _("Contested"),
    "request.uphold": _("Confirmed after being contested"),
    "request.correct": _("Corrected by a new decision"),
    "request.keyed": _("Keyed from the care form"),
    "request.compared": _("Compared with a request of the same care"),
    "paper.added": _("Paper added"),
    "paper.accepted": _("Paper accepted"),
    "paper.refused": _("Paper to be sent again"),
    "paper.clean": _("Paper checked for viruses"),
    "paper.infected": _("Paper refused by the virus scanner"),
    "decision.taken": _("Amount computed"),
    "decision.proposed": _("A decision was proposed to a second person"),
    "decision.turned_down": _("The proposed decision was turned down"),
    "decision.corrected": _("Amount computed anew, checked by another person"),
    "decision.overridden": _("Amount set by an agent, checked by another"),
    "letter.sent": _("Letter sent"),
    "message.from_member": _("The member wrote"),
    "message.from_agency": _("The agency wrote"),
    "request.sampled": _("Drawn for a second look"),
}


class Transition(NamedTuple):
    """A way from one state to another, and who may take it."""

    name: str
    before: State
    after: State
    who: str


REVIEWED = (State.SUBMITTED, State.IN_REVIEW)
UNDECIDED = (State.DRAFT, State.ANNOUNCED, *REVIEWED, State.RETURNED)
OUTCOMES = (State.DECIDED, State.PARTLY, State.REFUSED, State.PAID, State.CORRECTED)
OPEN = (
    State.ANNOUNCED,
    *REVIEWED,
    State.RETURNED,
    State.APPEALED,
    State.DECIDED,
    State.PARTLY,
    State.CORRECTED,
)
OPEN_TO_MEMBER = (State.DRAFT, State.RETURNED)

TRANSITIONS = (
    Transition("submit", State.DRAFT, State.SUBMITTED, "member"),
    Transition("announce", State.DRAFT, State.ANNOUNCED, "member"),
    Transition("receive_post", State.ANNOUNCED, State.SUBMITTED, "agent"),
    Transition("take", State.SUBMITTED, State.IN_REVIEW, "agent"),
    Transition("assign", State.SUBMITTED, State.IN_REVIEW, "supervisor"),
    Transition("assign", State.IN_REVIEW, State.IN_REVIEW, "supervisor"),
    Transition("put_back", State.IN_REVIEW, State.SUBMITTED, "agent"),
    *(Transition("send_back", before, State.RETURNED, "agent") for before in REVIEWED),
    Transition("remind", State.RETURNED, State.RETURNED, "task"),
    Transition("submit_again", State.RETURNED, State.SUBMITTED, "member"),
    *(Transition("accept_papers", before, State.ACCEPTED, "agent") for before in REVIEWED),
    *(Transition("refuse", before, State.REFUSED, "agent") for before in REVIEWED),
    Transition("mark_decided", State.ACCEPTED, State.DECIDED, "agent"),
    Transition("mark_partly", State.ACCEPTED, State.PARTLY, "agent"),
    Transition("mark_paid", State.DECIDED, State.PAID, "approver"),
    Transition("mark_paid", State.PARTLY, State.PAID, "approver"),
    Transition("mark_paid", State.CORRECTED, State.PAID, "approver"),
    Transition("mark_paid", State.APPEALED, State.APPEALED, "approver"),
    Transition("mark_paid", State.UPHELD, State.UPHELD, "approver"),
    *(Transition("appeal", before, State.APPEALED, "member") for before in OUTCOMES),
    Transition("uphold", State.APPEALED, State.UPHELD, "adjudicator"),
    *(
        Transition("correct", before, State.CORRECTED, "adjudicator")
        for before in (*OUTCOMES, State.APPEALED, State.UPHELD)
    ),
)


def ways(name: str) -> tuple[Transition, ...]:
    """Return the ways a transition may take, by its name.

    Raises:
        KeyError: no transition has this name.
    """
    found = tuple(one for one in TRANSITIONS if one.name == name)
    if not found:
        raise KeyError(name)
    return found
