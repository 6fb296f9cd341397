"""The mailroom's pages: drop a scan, see what was filed, settle what waits."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from decompte.errors import Refusal
from decompte.intake.limits import SCAN_BYTES
from decompte.portal.agency.guard import able
from decompte.portal.mailroom import services
from decompte.portal.people import services as people
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.requests.forms import ManyFilesField, ManyFilesInput
from decompte.procedure.papers import kinds, paper


class ScanForm(forms.Form):
    """Scans to file."""

    file = ManyFilesField(
        label=gettext_lazy("Scans"),
        help_text=gettext_lazy("PDF, up to 500 pages and 200 MB each."),
        widget=ManyFilesInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )


@able("review")
def mailroom(request: HttpRequest) -> HttpResponse:
    """Show the mailroom, or take scans in."""
    form = ScanForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        problems = _taken(request, form.cleaned_data["file"])
        if not problems:
            return redirect("mailroom:mailroom")
    status = 422 if problems or (form.is_bound and form.errors) else 200
    return _page(request, form, problems, status)


@able("review")
@require_POST
def settle(request: HttpRequest, public_id: str) -> HttpResponse:
    """File a waiting page with a request, or set it aside."""
    page = _found(public_id)
    try:
        if "aside" in request.POST:
            is_now = services.set_aside(page, request.POST.get("note", ""), people.actor(request))
        else:
            is_now = services.file_page(
                page,
                request.POST.get("reference", ""),
                request.POST.get("kind", ""),
                people.actor(request),
            )
    except Refusal as refusal:
        problems = [in_language(problem.message) for problem in refusal.problems]
        return _page(request, ScanForm(), problems, 422)
    told = _("The page is settled.") if is_now else _("Somebody settled this page before.")
    messages.success(request, told)
    return redirect("mailroom:mailroom")


@able("review")
def picture(_request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a page as JPEG."""
    return HttpResponse(services.picture(_found(public_id)), content_type="image/jpeg")


def _taken(request: HttpRequest, files: list[Any]) -> list[str]:
    role = people.role_of(request)
    assert role is not None
    problems = []
    for file in files:
        try:
            scan, is_new = services.take(
                file.read(SCAN_BYTES + 1), file.name, role.agency, people.actor(request)
            )
        except Refusal as refusal:
            problems += [f"{file.name}: {in_language(p.message)}" for p in refusal.problems]
            continue
        if not is_new:
            messages.info(
                request,
                _("%(name)s was filed before; nothing is filed twice.") % {"name": file.name},
            )
            continue
        counted = services.report(scan)
        told = _("%(name)s: pages %(pages)s, requests %(requests)s, waiting %(waiting)s.")
        messages.success(request, told % {"name": file.name, **counted})
    return problems


def _page(request: HttpRequest, form: Any, problems: list[str], status: int) -> HttpResponse:
    return render(
        request,
        "mailroom/mailroom.html",
        {
            "form": form,
            "problems": problems,
            "pages": services.waiting(),
            "waiting": services.counts()["waiting"],
            "scans": [{"scan": one, **services.report(one)} for one in services.scans()],
            "kinds": [(kind, paper(kind).label) for kind in kinds()],
        },
        status=status,
    )


def _found(public_id: str) -> Any:
    page = services.find_page(public_id)
    if page is None:
        raise Http404
    return page
