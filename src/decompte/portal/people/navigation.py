"""The main navigation as one table: which places, in which order, shown to whom."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from decompte.portal.people import roles

ANYONE, MEMBER, VISITOR = "anyone", "member", "visitor"


@dataclass(frozen=True)
class Place:
    """A place one goes to.

    `seen_by` is `member` (signed in, not staff), `visitor` (anybody but staff), `anyone`, or a
    power of `roles`. `covers` are the beginnings of the names of the pages that belong to it.
    """

    page: str
    words: str | Promise
    seen_by: str
    covers: tuple[str, ...]


PLACES = (
    Place("school:students", _("Students"), "enrol", ("school:",)),
    Place("agency:worklist", _("Work list"), "read", ("agency:",)),
    Place("agency:amendments", _("For a second person"), "adjudicate", ("agency:amendment",)),
    Place("agency:appointments", _("Appointments"), "review", ("agency:appointment",)),
    Place("mailroom:mailroom", _("Mailroom"), "review", ("mailroom:",)),
    Place(
        "agency:payments",
        _("Payments"),
        "pay",
        (
            "agency:payments",
            "agency:batch",
            "agency:bank",
            "agency:owed",
            "agency:debt",
            "agency:decide",
            "agency:due",
            "agency:resume",
            "agency:release",
            "agency:discard",
            "agency:books",
        ),
    ),
    Place(
        "agency:steering",
        _("Steering"),
        "steer",
        (
            "agency:steering",
            "agency:figures",
            "agency:samples",
            "agency:draw",
            "agency:judge_sample",
        ),
    ),
    Place("agency:openings", _("File openings"), "oversee", ("agency:openings",)),
    Place("agency:queue", _("Queue"), "tend", ("agency:queue", "agency:job")),
    Place("agency:staff", _("Staff"), "vouch", ("agency:staff",)),
    Place("member:dashboard", _("My cover"), MEMBER, ("member:", "registration:", "contribution:")),
    Place("requests:list", _("My requests"), MEMBER, ("requests:",)),
    Place("payments:statements", _("Statements"), MEMBER, ("payments:",)),
    Place("public:what_comes_back", _("What comes back"), VISITOR, ("public:what_comes_back",)),
    Place("public:check", _("Check a statement"), VISITOR, ("public:",)),
    Place("guide", _("Guide"), ANYONE, ("guide",)),
)


def places(role: str | None, *, is_known: bool) -> list[Place]:
    """Return what a reader sees: staff by their role, members, visitors."""
    if role is not None:
        return [p for p in PLACES if p.seen_by == ANYONE or roles.may(role, p.seen_by)]
    groups = {ANYONE, VISITOR, MEMBER} if is_known else {ANYONE, VISITOR}
    return [place for place in PLACES if place.seen_by in groups]


def here(shown: list[Place], page: str) -> Place | None:
    """Return the place to which a page belongs: the one that names it most closely."""
    fits = [
        (len(cover), place) for place in shown for cover in place.covers if page.startswith(cover)
    ]
    return max(fits, key=lambda fit: fit[0])[1] if fits else None
