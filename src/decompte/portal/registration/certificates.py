"""The certificate of affiliation: given to its member, checked by anybody who holds its code."""

import re
import secrets
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from decompte.documents.certificate import Certificate, certificate_pdf
from decompte.portal import clock
from decompte.portal.people import services as people
from decompte.portal.people.scope import system
from decompte.portal.people.templatetags.words import in_language, language
from decompte.portal.registration import services
from decompte.portal.registration.models import Registration
from decompte.portal.registration.states import State
from decompte.procedure.agencies import address_on, agency

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, LETTERS = 4, 4


class Confirmed(NamedTuple):
    """What a code confirms: enough to compare with the paper in hand, and no more."""

    initials: str
    birth_year: int
    agency: str
    since: Any
    until: Any
    is_in_force: bool


@login_required
def certificate(request: HttpRequest) -> HttpResponse:
    """Give the certificate of the newest confirmed affiliation as PDF."""
    member = people.member_of(request.user)
    found = services.confirmed(member.pk) if member else None
    if member is None or found is None or not found.agency:
        raise Http404
    assert found.since is not None, "a confirmed registration has its period"
    assert found.until is not None, "a confirmed registration has its period"
    code = code_of(found)
    one, lang = agency(found.agency), language()
    address = request.build_absolute_uri(reverse("registration:check", args=[code]))
    lines = address_on(found.agency, clock.today())
    paper = Certificate(
        name=member.name,
        birth_date=member.birth_date,
        number=people.nir(member).reveal(),
        agency=f"{one.name.to(lang)}, {one.centre}",
        sender=lines.lines if lines else (),
        complementary=agency(found.complementary).name.to(lang) if found.complementary else "",
        since=found.since,
        until=found.until,
        code=code,
        address=address,
        day=clock.today(),
    )
    return HttpResponse(
        certificate_pdf(paper, lang=lang),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="attestation.pdf"'},
    )


def check(request: HttpRequest, code: str = "") -> HttpResponse:
    """Say whether a certificate's code is right, and what it confirms."""
    if asked := request.GET.get("code", "").strip():
        return redirect("registration:check", code=re.sub(r"[^0-9A-Za-z-]", "", asked)[:40] or "x")
    found = confirmed(code) if code else None
    page = {"code": code, "found": found}
    return render(
        request, "registration/check.html", page, status=404 if code and not found else 200
    )


def code_of(registration: Registration) -> str:
    """Return the code of a confirmed registration, made once and kept."""
    if not registration.certificate_code:
        letters = [secrets.choice(ALPHABET) for _n in range(GROUPS * LETTERS)]
        groups = ["".join(letters[n : n + LETTERS]) for n in range(0, len(letters), LETTERS)]
        Registration.objects.filter(pk=registration.pk, certificate_code__isnull=True).update(
            certificate_code="-".join(groups)
        )
        registration.refresh_from_db()
    return str(registration.certificate_code)


def confirmed(code: str) -> Confirmed | None:
    """Return what a code confirms, or None when no certificate has it."""
    plain = re.sub(r"[^0-9A-Z]", "", code.upper())
    wanted = "-".join(plain[n : n + LETTERS] for n in range(0, len(plain), LETTERS))
    with system("somebody checks a certificate by its code"):
        found = (
            Registration.objects.filter(certificate_code=wanted, state=State.CONFIRMED)
            .select_related("member")
            .first()
        )
    if found is None:
        return None
    member = found.member
    return Confirmed(
        initials=f"{member.given_name[:1]}. {member.family_name[:1]}.",
        birth_year=member.birth_date.year,
        agency=in_language(agency(found.agency).name),
        since=found.since,
        until=found.until,
        is_in_force=found.since <= clock.today() <= found.until,
    )
