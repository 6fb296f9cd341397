"""The care form and the choice of GP: what is missing, and our own sheets to print."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from decompte.documents.sheet import sheet_pdf
from decompte.portal import clock
from decompte.portal.people import services as people
from decompte.portal.people.forms import day_field
from decompte.portal.people.templatetags.words import in_language, language
from decompte.procedure.sheets import SIGNATURE, Sheet, SheetField, missing, sheet

LONGEST = 120
EMPTY: Mapping[str, Any] = {}


class SheetForm(forms.Form):
    """The fields of a sheet; none is needed to print, all are checked."""

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        """Make a field for each thing the form asks."""
        super().__init__(*args, **kwargs)
        for field in sheet.fields:
            self.fields[field.id] = _field(field)


def care_form(request: HttpRequest) -> HttpResponse:
    """Check and prepare a care form."""
    return page(request, "care-form")


def gp_choice(request: HttpRequest) -> HttpResponse:
    """Check and prepare a choice of GP."""
    return page(request, "gp-choice")


def page(
    request: HttpRequest, name: str, known: Mapping[str, Any] = EMPTY, back: Any = None
) -> HttpResponse:
    """Show a sheet, say what is missing in it, or print it.

    Args:
        request: with the fields where they were sent.
        name: of the sheet.
        known: fields that need not be typed, over what the account knows.
        back: the request whose form it is; the page leads back to it.
    """
    asked = sheet(name)
    told_before = {**_known(request), **known}
    form = SheetForm(
        request.POST if request.method == "POST" else None, sheet=asked, initial=told_before
    )
    shown: dict[str, Any] = {"form": form, "forms": (form,), "sheet": asked, "back": back}
    if request.method == "POST" and form.is_valid():
        told = {name: _text(value) for name, value in form.cleaned_data.items()}
        if "print" in request.POST:
            return _pdf(asked, told)
        shown["lacking"] = missing(asked.id, told, clock.today())
        shown["is_checked"] = True
    shown["is_wrong"] = bool(form.errors)
    return render(request, "guide/sheet.html", shown, status=422 if form.errors else 200)


def _pdf(asked: Sheet, told: dict[str, str]) -> HttpResponse:
    pdf = sheet_pdf(asked, told, lang=language(), day=clock.today())
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{asked.id}.pdf"'
    return response


def _field(field: SheetField) -> forms.Field:
    label = in_language(field.label)
    if field.check == SIGNATURE:
        return forms.BooleanField(label=label, required=False)
    if field.check in {"day", "adult"}:
        return day_field(label, required=False)
    return forms.CharField(label=label, required=False, max_length=LONGEST)


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _known(request: HttpRequest) -> dict[str, Any]:
    """Return what the account knows; nothing for somebody who is not signed in."""
    member = people.member_of(request.user) if request.user.is_authenticated else None
    if member is None:
        return {}
    gp = people.current_gp(member)
    address = f"{member.address_line}, {member.postal_code} {member.city}"
    return {
        "patient_name": member.name,
        "birth_date": member.birth_date,
        "address": address,
        "doctor_name": gp.doctor_name if gp else "",
        "doctor_number": gp.doctor_number if gp else "",
    }
