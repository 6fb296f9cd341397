"""Forms about people: texts in, clean values out, errors that name what is allowed."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from decompte.errors import Refusal
from decompte.portal.people.countries import countries, countries_or_none
from decompte.portal.people.templatetags.words import in_language

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
OUT_OF_REACH = _("Write a day between 1900 and 2100.")


class DayInput(forms.DateInput):
    """A day, picked or typed."""

    input_type = "date"

    def __init__(self) -> None:
        """Write days as browsers read them."""
        super().__init__(format="%Y-%m-%d")


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """Return a field for a day that somebody alive may have to do with."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=DayInput(),
        error_messages={"invalid": _("Write a day that exists, such as 12/03/2014.")},
        validators=[
            MinValueValidator(EARLIEST, OUT_OF_REACH),
            MaxValueValidator(LATEST, OUT_OF_REACH),
        ],
    )


def add_refusal(form: forms.Form, refusal: Refusal) -> None:
    """Show a refusal's problems at the fields they name, or above the form."""
    for problem in refusal.problems:
        field = problem.field if problem.field in form.fields else None
        form.add_error(field, in_language(problem.message))


class IdentityForm(forms.Form):
    """Who you are and where you live."""

    given_name = forms.CharField(label=_("Given name"), max_length=38)
    family_name = forms.CharField(label=_("Family name"), max_length=38)
    birth_date = day_field(_("Date of birth"))
    nationality = forms.ChoiceField(label=_("Nationality"), choices=countries)
    address_line = forms.CharField(label=_("Street and number"), max_length=38)
    address_extra = forms.CharField(label=_("Address, second line"), max_length=38, required=False)
    postal_code = forms.RegexField(
        label=_("Postal code"),
        regex=r"^\d{5}$",
        error_messages={"invalid": _("A French postal code has five digits, such as 75006.")},
    )
    city = forms.CharField(label=_("City"), max_length=32)
    nir = forms.CharField(
        label=_("Social security number"),
        max_length=21,
        required=False,
        help_text=_("Fifteen digits, if you have one already; a provisional number will do."),
    )


class GPForm(forms.Form):
    """The GP you chose together with form S3704."""

    doctor_name = forms.CharField(label=_("Doctor's name"), max_length=80)
    doctor_number = forms.RegexField(
        label=_("Doctor's number"),
        regex=r"^\d{9}(\d{2})?$",
        required=False,
        help_text=_("Nine or eleven digits, on the form and on prescriptions."),
        error_messages={"invalid": _("Nine or eleven digits.")},
    )
    since = day_field(_("Signed on"), _("The day you both signed the form."))


class BankForm(forms.Form):
    """Where your money goes."""

    holder = forms.CharField(
        label=_("Account holder"), max_length=70, help_text=_("As written on your bank details.")
    )
    iban = forms.CharField(
        label=_("IBAN"),
        max_length=42,
        help_text=_("Begins with FR and two digits; spaces do not matter."),
    )


class CardForm(forms.Form):
    """A European health insurance card."""

    country = forms.ChoiceField(label=_("Country of the card"), choices=countries_or_none)
    expires_on = day_field(_("Expiry date"), _("Field 9 of the card."))
    institution = forms.CharField(
        label=_("Institution"),
        max_length=40,
        required=False,
        help_text=_("Field 7 of the card: its number and short name."),
    )
    personal_number = forms.CharField(
        label=_("Your number on the card"),
        max_length=20,
        required=False,
        help_text=_("Field 6 of the card."),
    )
    card_number = forms.RegexField(
        label=_("Number of the card"),
        regex=r"^[0-9]{1,20}$",
        required=False,
        help_text=_("Field 8 of the card: at most 20 digits."),
        error_messages={"invalid": _("Digits only, at most 20.")},
    )
