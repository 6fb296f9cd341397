"""Work in the background of an agency: reminders, recomputations of a period, counts of weeks.

A task is the name of a job; `background` does it step by step, so that it may be killed at any
moment and asked for again: what is left is done, and nothing twice.
"""

from datetime import date

from django_tasks import task

from decompte.portal import clock
from decompte.portal.background import services as background
from decompte.portal.background.services import Job, Kind, Step
from decompte.portal.decisions import services as decisions
from decompte.portal.people import staff
from decompte.portal.people.scope import system
from decompte.portal.requests import review, weeks

STRIDE = 20


@task()
def remind(job_id: str) -> None:
    """Remind the members of an agency whose requests wait for them."""
    background.carry_out(job_id, _remind)


@task()
def recompute(job_id: str) -> None:
    """Recompute an agency's decisions of a period, and keep which would differ today."""
    background.carry_out(job_id, _recompute)


@task()
def count_weeks(job_id: str) -> None:
    """Count the closed weeks of an agency, and keep what changed since the last count."""
    background.carry_out(job_id, _count_weeks)


BY_KIND = {Kind.REMINDERS: remind, Kind.RECOMPUTATION: recompute, Kind.WEEKS: count_weeks}


def ask_for_reminders() -> list[Job]:
    """Put today's reminders on the queue, a job an agency; asked twice a day, they are the same."""
    with system("whose reminders are due"):
        return [
            background.ask(
                remind,
                Kind.REMINDERS,
                agency,
                key=f"reminders:{clock.today().isoformat()}",
                actor="system",
            )
            for agency in review.agencies_to_remind()
        ]


def ask_for_counts() -> list[Job]:
    """Put today's count of closed weeks on the queue, a job an agency whose weeks are looked at."""
    with system("whose weeks are counted"):
        return [
            background.ask(
                count_weeks,
                Kind.WEEKS,
                agency,
                key=f"weeks:{clock.today().isoformat()}",
                actor="system",
            )
            for agency in staff.agencies("steer")
        ]


def ask_for_recomputation(agency: str, since: date, until: date, *, key: str, actor: str) -> Job:
    """Put the recomputation of a period on the queue.

    Args:
        agency: whose decisions.
        since: first day on which they were taken.
        until: last one, included.
        key: of the form that asks; sent twice it is one job.
        actor: public id of the account.
    """
    return background.ask(
        recompute,
        Kind.RECOMPUTATION,
        agency,
        key=f"recomputation:{key}",
        actor=actor,
        since=since.isoformat(),
        until=until.isoformat(),
    )


def _remind(_job: Job) -> Step:
    count = review.remind_due(most=STRIDE)
    return Step(mark=0, count=count, is_last=count == 0)


def _count_weeks(job: Job) -> Step:
    return Step(mark=0, count=weeks.close(job.agency, clock.today()), is_last=True)


def _recompute(job: Job) -> Step:
    since, until = (date.fromisoformat(job.asked[name]) for name in ("since", "until"))
    rows = list(decisions.recompute(since, until, after=job.mark, most=STRIDE))
    found = [
        {
            "decision": decision.public_id,
            "before_cents": decision.payable_cents,
            "now_cents": None if why else now_cents,
        }
        for decision, now_cents, why in rows
        if why or now_cents != decision.payable_cents
    ]
    mark = rows[-1][0].pk if rows else job.mark
    return Step(mark, len(rows), found, is_last=len(rows) < STRIDE)
