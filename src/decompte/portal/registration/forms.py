"""Forms of the registration: who you are, your studies, what covers you, and the choice."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from decompte.errors import Refusal
from decompte.portal.people.countries import countries_or_none
from decompte.portal.people.forms import IdentityForm, day_field
from decompte.portal.people.templatetags.words import in_language
from decompte.procedure.agencies import agency
from decompte.procedure.questions import questions

CHOOSE = ("", _("Choose"))
HOURS_A_MONTH = 744
EUROPEAN_CARD, STUDY = "ehic", "study."
SPECIAL = tuple(
    one
    for one in questions()["circumstances"].options
    if one.sets and all(path.startswith(STUDY) for path in one.sets)
)
PARENTS = (
    CHOOSE,
    ("abroad", _("They live abroad, or none")),
    ("general", _("Private employees, civil servants, most others")),
    ("agricultural", _("Farmers or farm employees")),
    ("independent", _("Self-employed: craft, trade, liberal profession")),
    ("special", _("RATP, EDF, military, notary clerks, clergy")),
    ("special-20", _("Merchant navy, National Assembly, Opera, Comédie-Française")),
    ("sncf", _("SNCF")),
    ("international", _("International civil servants, embassy staff")),
)
FIELDS = {
    "person.birth_date": "birth_date",
    "person.residence": "postal_code",
    "person.nationality": "nationality",
    "person.work.hours_per_month": "work_hours",
    "study.from": "study_from",
    "study.to": "study_to",
    "card.country": "card_country",
    "card.expires_on": "card_expires_on",
}
PURPOSES = {
    "given_name": "given-name",
    "family_name": "family-name",
    "birth_date": "bday",
    "nationality": "country",
    "address_line": "address-line1",
    "address_extra": "address-line2",
    "postal_code": "postal-code",
    "city": "address-level2",
    "nir": "off",
}


def other_covers() -> list[tuple[str, str]]:
    """Return what pays care from abroad, besides the European card, which has its own field."""
    options = questions()["cards"].options
    covers = [(one.value, in_language(one.label)) for one in options if one.value != EUROPEAN_CARD]
    return [("", gettext("None of these")), *covers]


def special_studies() -> list[tuple[str, str]]:
    """Return what makes studies special: the circumstances that are about the studies alone."""
    return [
        ("", gettext("None of these")),
        *((one.value, in_language(one.label)) for one in SPECIAL),
    ]


def are_valid(asked: Sequence[forms.Form]) -> bool:
    """Return whether every form is right; all are checked, so that all errors show at once."""
    return [form for form in asked if not form.is_valid()] == []


def show_refusal(refusal: Refusal, asked: Sequence[forms.Form]) -> list[str]:
    """Show a refusal's problems at the fields they are about; return those about no field."""
    elsewhere = []
    for problem in refusal.problems:
        name = FIELDS.get(problem.field, problem.field)
        form = next((form for form in asked if name in form.fields), None)
        if form is None:
            elsewhere.append(in_language(problem.message))
        else:
            form.add_error(name, in_language(problem.message))
    return elsewhere


class AboutYouForm(IdentityForm):
    """Who you are, with nothing chosen beforehand and help for browsers that fill in forms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what each field is for; let the nationality be chosen."""
        super().__init__(*args, **kwargs)
        for name, purpose in PURPOSES.items():
            self.fields[name].widget.attrs["autocomplete"] = purpose
        self.fields["postal_code"].widget.attrs["inputmode"] = "numeric"
        nationality = self.fields["nationality"]
        assert isinstance(nationality, forms.ChoiceField)
        nationality.choices = countries_or_none()


class StudiesForm(forms.Form):
    """Your studies, and what may already cover you."""

    study_from = day_field(_("First day of studies"), _("In this academic year."))
    study_to = day_field(_("Last day of studies"), _("In this academic year."))
    has_card = forms.BooleanField(
        label=_("I hold a European health insurance card"),
        required=False,
    )
    card_country = forms.ChoiceField(
        label=_("Country of the card"), choices=countries_or_none, required=False
    )
    card_expires_on = day_field(
        _("Expiry date of the card"), _("Field 9 of the card."), required=False
    )
    other_cover = forms.ChoiceField(
        label=_("Another cover from abroad"), choices=other_covers, required=False
    )
    parents = forms.ChoiceField(
        label=_("Your parents' work"),
        choices=PARENTS,
        help_text=_("In France, some parents' schemes keep their children."),
    )
    work_hours = forms.IntegerField(
        label=_("Hours of paid work in a month"),
        required=False,
        min_value=0,
        max_value=HOURS_A_MONTH,
        help_text=_("In France; leave it empty when you do not work."),
    )
    works_whole_year = forms.BooleanField(
        label=_("I work so during the whole year"), required=False
    )
    special = forms.ChoiceField(
        label=_("Is one of these true of your studies?"), choices=special_studies, required=False
    )
    scholarship = forms.BooleanField(
        label=_("I hold a scholarship of the French or a foreign government"), required=False
    )
    partner = forms.BooleanField(
        label=_("I am insured through my partner, who is not a student"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the card's country and expiry when there is a card."""
        values = super().clean() or {}
        if values.get("has_card"):
            if not values.get("card_country") and "card_country" not in self.errors:
                self.add_error("card_country", _("Choose the country that issued your card."))
            if not values.get("card_expires_on") and "card_expires_on" not in self.errors:
                self.add_error("card_expires_on", _("Give the expiry date of your card (field 9)."))
        return values


class ChoiceForm(forms.Form):
    """Step 2: an agency, and its own complementary or none."""

    agency = forms.ChoiceField(
        label=_("Your agency"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of these agencies.")},
    )
    complementary = forms.ChoiceField(
        label=_("Complementary insurance"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, agencies: tuple[str, ...], **kwargs: Any) -> None:
        """Offer the agencies of the student's place, and each one's complementary."""
        super().__init__(*args, **kwargs)
        names = [(name, in_language(agency(name).name)) for name in agencies]
        choice, extra = self.fields["agency"], self.fields["complementary"]
        assert isinstance(choice, forms.ChoiceField)
        assert isinstance(extra, forms.ChoiceField)
        choice.choices = [
            (
                name,
                _("%(agency)s, centre %(centre)s")
                % {"agency": label, "centre": agency(name).centre},
            )
            for name, label in names
        ]
        extra.choices = [("", _("No complementary insurance"))] + [
            (name, _("Complementary of %(agency)s") % {"agency": label}) for name, label in names
        ]
