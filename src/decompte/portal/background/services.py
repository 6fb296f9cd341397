"""Asks for jobs, does them step by step, and takes back what a dead worker left.

A step and its mark are one transaction under a lock on the job: killed anywhere, a job goes on
where it was; of two workers at one job, the second finds the step made.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from decompte.portal import clock
from decompte.portal.audit import services as audit
from decompte.portal.background import workers
from decompte.portal.background.models import Job, Kind
from decompte.portal.people.scope import AgencyScope, entered, system

__all__ = [
    "AGAIN",
    "Job",
    "Kind",
    "Standing",
    "Step",
    "ask",
    "ask_again",
    "carry_out",
    "find",
    "forget",
    "latest",
    "standing",
    "take_back",
]
MOST_STOPS = 5
MOST_FOUND = 1000
SHOWN = 50
SOME = 200
STOPPED = "stopped"
AGAIN = ("failed", STOPPED)


@dataclass(frozen=True)
class Step:
    """What one step did.

    Attributes:
        mark: where the next one begins.
        count: things done.
        found: what is to be kept of it.
        is_last: nothing is left.
    """

    mark: int
    count: int
    found: Sequence[Any] = ()
    is_last: bool = False


class Standing(NamedTuple):
    """A job and how it stands: `waiting`, `running`, `stopped`, `failed` or `done`.

    Attributes:
        turns: how often a worker took it up.
        error: name of what made it fail.
    """

    job: Job
    state: str
    turns: int
    error: str


def ask(
    task: Task[[str], None], kind: str, agency: str, *, key: str, actor: str, **asked: str
) -> Job:
    """Put a job of an agency on the queue; the same key again is the job that is there."""
    try:
        with transaction.atomic():
            job: Job = Job.objects.create(
                agency=agency,
                kind=kind,
                key=key,
                asked=asked,
                asked_by=actor,
                asked_at=clock.now(),
            )
            audit.record("job.asked", f"job:{job.public_id}", actor=actor, agency=agency)
            _enqueue(task, job)
    except IntegrityError:
        return _of_key(agency, key)
    return job


def ask_again(task: Task[[str], None], job: Job, actor: str) -> bool:
    """Put a job that failed or was stopped on the queue again; False if it is neither."""
    with transaction.atomic():
        held = Job.objects.select_for_update().get(pk=job.pk)
        if standing([held])[0].state not in AGAIN:
            return False
        _turns([held.turn]).filter(status=TaskResultStatus.RUNNING).update(
            status=TaskResultStatus.FAILED, exception_class_path=STOPPED
        )
        audit.record("job.asked_again", f"job:{job.public_id}", actor=actor, agency=job.agency)
        _enqueue(task, held)
    return True


def carry_out(public_id: str, step: Callable[[Job], Step]) -> None:
    """Do a job to its end, as its agency; what is done already is not done again."""
    with system("the agency of a job"):
        agency = Job.objects.values_list("agency", flat=True).get(public_id=public_id)
    with entered(AgencyScope(agency)):
        while _one_step(public_id, step):
            pass


def _one_step(public_id: str, step: Callable[[Job], Step]) -> bool:
    with transaction.atomic():
        job = Job.objects.select_for_update().get(public_id=public_id)
        if job.done_at:
            return False
        did = step(job)
        job.mark, job.count = did.mark, job.count + did.count
        job.found = [*job.found, *did.found][:MOST_FOUND]
        job.found_count += len(did.found)
        job.stops = 0
        job.done_at = clock.now() if did.is_last else None
        job.save(update_fields=["mark", "count", "found", "found_count", "stops", "done_at"])
    return not did.is_last


def find(public_id: str) -> Job | None:
    """Return a job within the scope, or None."""
    found: Job | None = Job.objects.filter(public_id=public_id).first()
    return found


def latest() -> list[Standing]:
    """Return the scope's newest jobs with how they stand."""
    return standing(list(Job.objects.all()[:SHOWN]))


def standing(jobs: Sequence[Job]) -> list[Standing]:
    """Return how jobs stand, as the queue and their own marks say."""
    turns = {one.pk: one for one in _turns([job.turn for job in jobs])}
    return [_standing(job, turns.get(job.turn)) for job in jobs]


def take_back() -> int:
    """Put what dead workers left on the queue again; return how many. For a worker that begins.

    What stops its workers again and again before it gets a step further is given up, and seen as
    failed.
    """
    running = DBTaskResult.objects.running()
    with system("what dead workers left"):
        return sum(_taken_back(one) for one in running if not workers.is_alive(one.worker_ids[-1]))


@transaction.atomic
def _taken_back(one: Any) -> bool:
    job = Job.objects.select_for_update().filter(turn=one.pk).first()
    stops = job.stops + 1 if job else len(one.worker_ids)
    is_given_up = stops >= MOST_STOPS
    status = TaskResultStatus.FAILED if is_given_up else TaskResultStatus.READY
    left = DBTaskResult.objects.filter(
        pk=one.pk, status=TaskResultStatus.RUNNING, started_at=one.started_at
    ).update(status=status, exception_class_path=STOPPED if is_given_up else "")
    if left and job:
        Job.objects.filter(pk=job.pk).update(stops=stops)
    return left == 1


def forget(before: datetime) -> int:
    """Take away jobs that were done before a moment, and their places on the queue; how many.

    The audit trail keeps who asked, and is told here what a job did. What failed or was stopped
    stays until somebody let it go on; what waits or runs is never touched.
    """
    with system("old work in the background"):
        count = sum(iter(lambda: _forget_some(before), 0))
        shown = Job.objects.filter(turn__isnull=False).order_by().values("turn")
        left = DBTaskResult.objects.finished().exclude(pk__in=shown)
        left.filter(finished_at__lt=clock.by_machine(before)).delete()
    return count


@transaction.atomic
def _forget_some(before: datetime) -> int:
    done = Job.objects.select_for_update().filter(done_at__lt=before).order_by("pk")[:SOME]
    for job in done:
        audit.record(
            "job.forgotten",
            f"job:{job.public_id}",
            actor="system",
            agency=job.agency,
            detail={
                "kind": job.kind,
                "asked": job.asked,
                "done_at": job.done_at.isoformat(),
                "count": job.count,
                "found_count": job.found_count,
            },
        )
    Job.objects.filter(pk__in=[job.pk for job in done]).delete()
    _turns([job.turn for job in done]).delete()
    return len(done)


def _standing(job: Job, turn: Any) -> Standing:
    turns = len(turn.worker_ids) if turn else 0
    error = turn.exception_class_path.rpartition(".")[2] if turn else ""
    if job.done_at:
        return Standing(job, "done", turns, "")
    if turn is None:  # its place on the queue was cleared away
        return Standing(job, STOPPED, turns, "")
    if turn.status == TaskResultStatus.READY:
        return Standing(job, "waiting", turns, "")
    if turn.status == TaskResultStatus.RUNNING:
        is_alive = workers.is_alive(turn.worker_ids[-1])
        return Standing(job, "running" if is_alive else STOPPED, turns, "")
    return Standing(job, "failed", turns, error)


def _enqueue(task: Task[[str], None], job: Job) -> None:
    turn = task.enqueue(job.public_id)
    Job.objects.filter(pk=job.pk).update(turn=turn.id, stops=0)


def _of_key(agency: str, key: str) -> Job:
    found: Job = Job.objects.get(agency=agency, key=key)
    return found


def _turns(ids: Sequence[Any]) -> Any:
    return DBTaskResult.objects.filter(pk__in=[one for one in ids if one])
