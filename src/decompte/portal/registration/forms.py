"""Forms of the registration: step 1 (studies and situation) and step 2 (the choice)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from decompte.portal.people.forms import COUNTRIES, day_field
from decompte.portal.people.templatetags.words import in_language
from decompte.procedure.routing import agency

PARENTS = (
    ("abroad", _("They live abroad, or none")),
    ("general", _("Private employees, civil servants, most others")),
    ("agricultural", _("Farmers or farm employees")),
    ("independent", _("Self-employed: craft, trade, liberal profession")),
    ("special", _("RATP, EDF, military, notary clerks, clergy")),
    ("sncf", _("SNCF")),
    ("international", _("International civil servants, embassy staff")),
)


class StudiesForm(forms.Form):
    """Your studies, and what may already cover you."""

    study_from = day_field(_("First day of studies"))
    study_to = day_field(_("Last day of studies"))
    parents = forms.ChoiceField(label=_("Your parents' work"), choices=PARENTS)
    has_card = forms.BooleanField(
        label=_("I hold a European health insurance card"),
        required=False,
    )
    card_country = forms.ChoiceField(
        label=_("Country of the card"), choices=COUNTRIES, required=False
    )
    card_expires_on = day_field(_("Expiry date of the card"), required=False)
    scholarship = forms.BooleanField(
        label=_("I hold a scholarship of the French or a foreign government"), required=False
    )
    works = forms.BooleanField(
        label=_("I work the whole year, 60 hours a month or more"), required=False
    )
    partner = forms.BooleanField(
        label=_("I am insured through my partner, who is not a student"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the card's country and expiry when there is a card."""
        values = super().clean() or {}
        if values.get("has_card") and not values.get("card_expires_on"):
            self.add_error("card_expires_on", _("Give the expiry date of your card (field 9)."))
        return values


class ChoiceForm(forms.Form):
    """Step 2: an agency, and its own complementary or none."""

    agency = forms.ChoiceField(label=_("Your agency"), widget=forms.RadioSelect)
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
