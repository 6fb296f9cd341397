"""The visit form: what the care form says, in words; out come integers and dates."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from decompte.engine.periods import SECTORS, periods
from decompte.portal import clock
from decompte.portal.people.forms import day_field
from decompte.portal.people.templatetags.words import in_language

PRICE = re.compile(r"^(\d{1,5})(?:[.,](\d{1,2}))?$")
PATHWAYS = (
    ("declared-gp", _("This is my declared GP")),
    ("referred", _("My declared GP sent me to this doctor")),
    ("gp-replaced", _("This doctor replaced my declared GP")),
    ("direct-access", _("Eyes, gynaecology, dental surgery, or psychiatry under 26")),
    ("emergency", _("It was an emergency")),
    ("away-from-home", _("I was away from home")),
    ("new-gp", _("A GP who set up less than five years ago")),
    ("out-of-pathway", _("None of these")),
)
SECTOR_NAMES = {
    "1": _("Sector 1: official fees"),
    "2": _("Sector 2: free fees"),
    "optam": _("Sector 2 with moderated fees (CAS, OPTAM)"),
    "none": _("Outside the agreement with the health insurance"),
}


class PriceField(forms.CharField):
    """An amount as people write it, `26,50 €` or `26.50`, as cents."""

    def clean(self, value: Any) -> int | None:
        """Return cents; None for an optional amount left empty.

        Raises:
            forms.ValidationError: it is no amount, or has more than two decimals.
        """
        text = super().clean(value)
        if not text and not self.required:
            return None
        plain = "".join(text.replace("€", "").split())
        matched = PRICE.match(plain)
        if matched is None:
            raise forms.ValidationError(
                _("Write an amount in euros with at most two decimals, such as 26,50.")
            )
        euros, decimals = matched.groups()
        return int(euros) * 100 + int((decimals or "").ljust(2, "0"))


class CareLineForm(forms.Form):
    """One act on the care form."""

    care_date = day_field(_("Date of care"))
    act = forms.ChoiceField(label=_("Act"), help_text=_("The letters beside the price."))
    price_cents = PriceField(label=_("Price paid"), help_text=_("In euros, such as 23,00."))
    practitioner_name = forms.CharField(label=_("Doctor's name"), max_length=80)
    practitioner_number = forms.RegexField(
        label=_("Doctor's number"),
        regex=r"^\d{9}(\d{2})?$",
        required=False,
        help_text=_("Nine or eleven digits on the doctor's stamp, if you can read it."),
        error_messages={"invalid": _("Nine or eleven digits.")},
    )
    specialty = forms.ChoiceField(label=_("Specialty"))
    sector = forms.ChoiceField(
        label=_("Sector"),
        choices=[(name, SECTOR_NAMES[name]) for name in SECTORS],
        help_text=_("On the doctor's door and on ameli.fr; sector 1 is the most common."),
    )
    pathway = forms.ChoiceField(label=_("How you came to this doctor"), choices=PATHWAYS)
    has_prescription = forms.BooleanField(label=_("Something was prescribed"), required=False)
    is_third_party_payment = forms.BooleanField(
        label=_("I paid only my share (third-party payment)"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the acts and specialties that the law knows."""
        super().__init__(*args, **kwargs)
        law = periods().data
        act, specialty = self.fields["act"], self.fields["specialty"]
        assert isinstance(act, forms.ChoiceField)
        assert isinstance(specialty, forms.ChoiceField)
        act.choices = [
            (letter, f"{letter} · {in_language(known.label)}")
            for letter, known in law.acts.items()
            if known.kind == "doctor" and known.priced == "tariff"
        ]
        professions = {known.practitioner for known in law.acts.values() if known.kind != "doctor"}
        specialty.choices = [
            (name, in_language(text))
            for name, text in law.specialties.items()
            if name not in professions
        ]

    def clean(self) -> dict[str, Any]:
        """Check what only holds together: the day, the act and its tariff, the specialty."""
        values = super().clean() or {}
        day, act = values.get("care_date"), values.get("act")
        if day and day > clock.today():
            self.add_error("care_date", _("This day is in the future."))
        elif day and act and not periods().has_tariff(act, values.get("sector") or "1", day):
            self.add_error("act", _("This act has no official fee in that sector on that day."))
        is_specialist = act and periods().data.acts[act].practitioner == "specialist"
        if is_specialist and values.get("specialty") == "general-practice":
            self.add_error("specialty", _("This act is a specialist's: choose the specialty."))
        return values


class ManyFilesInput(forms.FileInput):
    """A button that takes several photos of one paper."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or several files, as a list."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files.

        Raises:
            forms.ValidationError: there is none, or one is no file.
        """
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in files or [None]]


class PaperForm(forms.Form):
    """One paper of the checklist, as a file or several photos."""

    kind = forms.CharField(widget=forms.HiddenInput)
    file = ManyFilesField(
        label=_("File"),
        widget=ManyFilesInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/heic"}),
    )
