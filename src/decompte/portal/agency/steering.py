"""The agency's weeks in plots and tables, to take away as a file, and the second looks."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from decompte.errors import Refusal
from decompte.exchange import cells, cells_parquet
from decompte.portal import clock
from decompte.portal.agency import access, plots, reading
from decompte.portal.agency.guard import able
from decompte.portal.audit import services as audit
from decompte.portal.payments import services as payments
from decompte.portal.people import services as people
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.requests import sampling, steering, weeks
from decompte.portal.requests import services as requests
from decompte.portal.requests.states import Verdict

DRAWN = 10
HEAD = ("week", "measure", "of", "value")
AGES = ("under-1-week", "1-week", "2-3-weeks", "4-weeks-or-more")
FORMS = {
    "csv": ("text/csv; charset=utf-8", cells.table),
    "parquet": ("application/vnd.apache.parquet", cells_parquet.table),
}


@able("steer")
def year(request: HttpRequest) -> HttpResponse:
    """Show the year: what came, what was answered, what waits, what was paid, and until when."""
    today, agency = clock.today(), _agency(request)
    known = steering.begun(weeks.latest(agency, today))
    paid = _paid(known)
    shown = {
        "weeks": list(zip(reversed(known), reversed(paid), strict=True)),
        "plots": list(_plots(known, paid)),
        "forecast": steering.forecast(known, today),
        "kept": _kept_percent(known),
        "lacking": _lacking(known),
        "results": sampling.results(agency),
    }
    return render(request, "agency/steering.html", shown)


@able("steer")
def download(request: HttpRequest, form: str) -> HttpResponse:
    """Give the figures of the year as CSV or Parquet; who took them is recorded."""
    agency = _agency(request)
    known = steering.begun(weeks.latest(agency, clock.today()))
    rows = list(_rows(known, _paid(known)))
    media_type, written = FORMS[form]
    audit.record(access.FIGURES, f"agency:{agency}", actor=people.actor(request), agency=agency)
    name = f"decompte-{agency}-{clock.today().isoformat()}.{form}"
    return HttpResponse(
        written(HEAD, rows),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@able("steer")
def samples(request: HttpRequest) -> HttpResponse:
    """List what was drawn for a second look, and what those looks found."""
    return _samples(request)


@able("steer")
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draw decided requests of the last month by chance."""
    number = reading.number(request.POST, "number", DRAWN, most=sampling.MOST)
    drawn = sampling.draw(_agency(request), number, people.actor(request))
    if drawn:
        messages.success(request, _("Drawn for a second look: %(n)d") % {"n": drawn})
    else:
        messages.warning(request, _("There is nothing to draw: no decision of the last month."))
    return redirect("agency:samples")


@able("steer")
@require_POST
def judge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep what a second look found."""
    verdict, words = reading.text(request.POST, "verdict", 10), reading.text(request.POST, "words")
    try:
        kept = sampling.judge(public_id, verdict, words, people.actor(request))
    except Refusal as refusal:
        return _samples(request, [in_language(one.message) for one in refusal.problems])
    if not kept:
        messages.warning(request, _("Somebody looked at this request before you."))
    return redirect("agency:samples")


def _samples(request: HttpRequest, problems: Sequence[str] = ()) -> HttpResponse:
    agency = _agency(request)
    found = sampling.results(agency)
    shown = {
        "waiting": sampling.waiting(agency),
        "wrong": sampling.latest(agency),
        "results": found,
        "counted": [(one, found.by_verdict.get(one, 0)) for one in Verdict],
        "verdicts": Verdict,
        "problems": problems,
    }
    return render(request, "agency/samples.html", shown, status=422 if problems else 200)


def _agency(request: HttpRequest) -> str:
    role = people.role_of(request)
    assert role is not None, "the page is opened to staff only"
    return role.agency


def _paid(known: Sequence[steering.Week]) -> list[int]:
    """Return what left for the members in each week, in cents."""
    by_week: dict[date, int] = {}
    for file in payments.released_transfers():
        day = file.execution_date
        monday = day - timedelta(days=day.weekday())
        by_week[monday] = by_week.get(monday, 0) + file.total_cents
    return [by_week.get(week.monday, 0) for week in known]


def _plots(known: Sequence[steering.Week], paid: Sequence[int]) -> Iterator[plots.Plot]:
    mondays = [week.monday for week in known]
    in_time = [week.in_time for week in known]
    late = [week.answered - week.in_time for week in known]
    ages = (_("since less than a week"), _("one week"), _("two or three"), _("four or more"))
    backlog = list(zip(*(week.backlog for week in known), strict=True))
    yield plots.stacked(
        _("Requests that came in"), mondays, [_("Came in")], [[w.incoming for w in known]]
    )
    yield plots.stacked(
        _("Answers"), mondays, [_("by the promised day"), _("after it")], [in_time, late]
    )
    yield plots.stacked(_("What waited at the end of each week, by age"), mondays, ages, backlog)
    yield _returns(known)
    yield plots.stacked(
        _("Paid to students, in euros"), mondays, [_("Paid")], [[one // 100 for one in paid]]
    )


def _returns(known: Sequence[steering.Week]) -> plots.Plot:
    """Return the plot of what was missing: the kinds most often asked for, and all others."""
    names = list(steering.lacking(known))
    first = names[: plots.PARTS - 1] if len(names) > plots.PARTS else names
    asked = [dict(week.lacking) for week in known]
    labels, series = (
        [_kind(one) for one in first],
        [[one.get(n, 0) for one in asked] for n in first],
    )
    if rest := names[len(first) :]:
        labels.append(_("Others"))
        series.append([sum(one.get(name, 0) for name in rest) for one in asked])
    mondays = [week.monday for week in known]
    return plots.stacked(_("Asked for when requests were sent back"), mondays, labels, series)


def _kept_percent(known: Sequence[steering.Week]) -> int | None:
    lately = known[:-1][-steering.RECENT :]
    answered = sum(week.answered for week in lately)
    return round(100 * sum(week.in_time for week in lately) / answered) if answered else None


def _lacking(known: Sequence[steering.Week]) -> list[tuple[str, int]]:
    return [(_kind(kind), number) for kind, number in steering.lacking(known).items()]


def _kind(kind: str) -> str:
    return in_language(requests.labels([kind])[0]) if kind else _("In the agent's own words")


def _rows(
    known: Sequence[steering.Week], paid: Sequence[int]
) -> Iterator[tuple[str, str, str, int]]:
    for week, cents in zip(known, paid, strict=True):
        day = week.monday.isoformat()
        yield day, "incoming", "", week.incoming
        yield day, "answered", "in-time", week.in_time
        yield day, "answered", "late", week.answered - week.in_time
        for age, number in zip(AGES, week.backlog, strict=True):
            yield day, "backlog", age, number
        for kind, number in week.lacking:
            yield day, "sent-back", kind, number
        yield day, "paid_cents", "", cents
