"""Forms of the public pages: somebody's facts, lines of care, what a statement says of them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from decompte.documents.letter import ADDRESS_LINES, ADDRESS_WIDTH
from decompte.engine.periods import SECTORS, periods
from decompte.exchange.paid_text import MOST_ROWS
from decompte.portal.people.forms import day_field
from decompte.portal.people.templatetags.words import formula, in_language
from decompte.portal.requests.forms import PATHWAYS, SECTOR_NAMES, PriceField

MOST_ACTS = 99
MOST_TEXT = 200_000
RIGHTS = (
    ("ald", _("A recognised long illness (ALD), and this care is related to it")),
    ("maternity", _("Maternity insurance, from the sixth month on")),
    ("c2s", _("Solidarity cover (CMU-C, C2S)")),
)
WAYS = (*PATHWAYS, ("not-concerned", _("Not a doctor: medicines, analyses, nurse, dentist…")))


class PersonForm(forms.Form):
    """What the law asks about the person."""

    birth_date = day_field(_("Date of birth"))
    declared_gp_since = day_field(
        _("Declared GP since"),
        _("The day on which you both signed; leave it empty if you declared none."),
        required=False,
    )
    is_local = forms.BooleanField(
        label=_("I belong to the local scheme of Alsace-Moselle"), required=False
    )
    rights = forms.MultipleChoiceField(
        label=_("Rights in force on the day of care"),
        choices=RIGHTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class CareForm(forms.Form):
    """One act, box or analysis, as the bill says it."""

    date = day_field(_("Date of care"))
    act = forms.CharField(
        label=_("Act"),
        max_length=13,
        help_text=_("The letters or the code on the bill or the statement, such as G, CS or B."),
        widget=forms.TextInput(attrs={"list": "acts", "autocapitalize": "characters"}),
    )
    price = PriceField(label=_("Price paid"), help_text=_("In euros, such as 23,00."))
    pathway = forms.ChoiceField(
        label=_("How you came to this doctor"), choices=WAYS, initial="declared-gp"
    )
    specialty = forms.ChoiceField(label=_("Specialty"), required=False)
    sector = forms.ChoiceField(
        label=_("Sector"),
        choices=[(name, SECTOR_NAMES[name]) for name in SECTORS],
        initial="1",
        help_text=_("On the doctor's door and on ameli.fr; sector 1 is the most common."),
    )
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=MOST_ACTS, initial=1, required=False
    )
    coefficient = forms.CharField(
        label=_("Coefficient"),
        max_length=8,
        required=False,
        help_text=_("Only beside key letters, such as B 14 or AMK 9,5."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the specialties that the law knows."""
        super().__init__(*args, **kwargs)
        specialty = self.fields["specialty"]
        assert isinstance(specialty, forms.ChoiceField)
        specialty.choices = [("", _("As the act says"))] + [
            (name, in_language(text)) for name, text in periods().data.specialties.items()
        ]

    def clean_act(self) -> str:
        """Return the act in capitals, as the law writes it."""
        return str(self.cleaned_data["act"]).strip().upper()


class PaidForm(CareForm):
    """One line of a statement: the care, and what was paid for it."""

    field_order = ("date", "act", "price", "paid", "base", "rate", "kept", "pathway")
    paid = PriceField(
        label=_("Reimbursed"), help_text=_("What the statement says was paid for this line.")
    )
    base = PriceField(label=_("Base"), required=False, help_text=_("If the statement names it."))
    rate = forms.CharField(
        label=_("Rate"),
        max_length=7,
        required=False,
        help_text=_("In percent, if the statement names it."),
    )
    kept = PriceField(
        label=_("Kept back apart"),
        required=False,
        help_text=_("Participation or franchise on a line of its own, taken off this payment."),
    )


class Lines(forms.BaseFormSet):  # type: ignore[type-arg]
    """Lines of which an empty one is left out, also when the page had offered it."""

    def initial_form_count(self) -> int:
        """Return how many lines must be filled because they were shown filled: none once sent."""
        return 0 if self.is_bound else super().initial_form_count()


PaidLines = forms.formset_factory(
    PaidForm,
    formset=Lines,
    extra=0,
    min_num=1,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS,
    validate_max=True,
)


class FormulaForm(forms.Form):
    """A complementary, for what it would add."""

    complementary = forms.ChoiceField(label=_("Complementary insurance"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the formulas that the law's data know."""
        super().__init__(*args, **kwargs)
        field = self.fields["complementary"]
        assert isinstance(field, forms.ChoiceField)
        names = periods().names.formula
        field.choices = [("", _("None")), *((name, formula(name)) for name in names)]


class StatementForm(forms.Form):
    """A statement to be read: a file, or its text."""

    file = forms.FileField(
        label=_("A file: PDF or CSV"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.csv,.txt,application/pdf,text/csv"}),
    )
    text = forms.CharField(
        label=_("Or its text, copied from the PDF"),
        required=False,
        max_length=MOST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        values = super().clean() or {}
        if not values.get("file") and not (values.get("text") or "").strip() and not self.errors:
            self.add_error("file", _("Choose a file, or paste the text below."))
        return values


class LetterForm(forms.Form):
    """Who writes, and to whom. Printed in the letter, kept nowhere."""

    name = forms.CharField(label=_("Your name"), max_length=ADDRESS_WIDTH)
    address_line = forms.CharField(label=_("Street and number"), max_length=ADDRESS_WIDTH)
    town = forms.CharField(label=_("Postal code and city"), max_length=ADDRESS_WIDTH)
    number = forms.CharField(
        label=_("Social security number"),
        max_length=21,
        required=False,
        help_text=_("As on the statement. It is printed in the letter and kept nowhere."),
    )
    recipient = forms.CharField(
        label=_("Name and address of the agency"),
        max_length=ADDRESS_LINES * (ADDRESS_WIDTH + 2),
        help_text=_("As on the statement, at most six lines."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    statement_date = day_field(_("Date of the statement"))
    statement_number = forms.CharField(
        label=_("Number of the statement"), max_length=40, required=False
    )

    def clean_recipient(self) -> tuple[str, ...]:
        """Return the address by lines that fit an envelope's window."""
        written = str(self.cleaned_data["recipient"]).splitlines()
        lines = tuple(line.strip() for line in written if line.strip())
        if len(lines) > ADDRESS_LINES or any(len(line) > ADDRESS_WIDTH for line in lines):
            raise forms.ValidationError(
                _("At most %(lines)s lines of %(width)s characters."),
                params={"lines": ADDRESS_LINES, "width": ADDRESS_WIDTH},
            )
        return lines
