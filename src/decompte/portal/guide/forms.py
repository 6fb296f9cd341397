"""Forms of the guide: a question, a change of life, a letter."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from decompte.exchange import guided
from decompte.portal.people.countries import countries_or_none
from decompte.portal.people.forms import day_field
from decompte.portal.people.templatetags.words import in_language
from decompte.procedure.agencies import agencies
from decompte.procedure.changes import EVENTS
from decompte.procedure.questions import Question

MOST_CHARACTERS = 1200
LINE = 38
MOST_PEOPLE, MOST_INCOME = 30, 10_000_000


class QuestionForm(forms.Form):
    """One question of the guide, as its kind wants it."""

    def __init__(self, data: QueryDict | None, *, question: Question) -> None:
        """Make the fields of the question."""
        super().__init__(data)
        self.question = question
        self.label_suffix = ""
        for name, field in _fields(question).items():
            self.fields[name] = field

    def values(self) -> list[str]:
        """Return what was answered, as `guided.answer` takes it."""
        found: list[str] = []
        for name in self.fields:
            value = self.cleaned_data.get(name)
            if isinstance(value, list):
                found += value
            elif value:
                found.append(str(value))
        return found


def _fields(question: Question) -> dict[str, forms.Field]:
    label, help_text = (
        in_language(question.ask),
        in_language(question.help) if question.help else "",
    )
    choices = [(one.value, in_language(one.label)) for one in guided.options(question)]
    required = not question.is_optional
    match question.kind:
        case "dates":
            return {
                "first": day_field(_("First day"), help_text),
                "last": day_field(_("Last day")),
            }
        case "day":
            return {"answer": day_field(label, help_text, required=required)}
        case "country":
            return {"answer": forms.ChoiceField(label=label, choices=countries_or_none)}
        case "department":
            return {"answer": forms.CharField(label=label, help_text=help_text, max_length=6)}
        case "many" | "sets":
            return {
                "answer": forms.MultipleChoiceField(
                    label=label,
                    help_text=help_text,
                    choices=choices,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                )
            }
    chosen = [(value or "none", shown) for value, shown in choices]
    field = forms.ChoiceField(label=label, help_text=help_text, choices=chosen)
    field.widget = forms.RadioSelect(choices=chosen)
    return {"answer": field}


class ChangeForm(forms.Form):
    """A change of life, and its day."""

    event = forms.ChoiceField(label=_("What changes"))
    on = day_field(_("On which day"))
    birth_date = day_field(_("Your birth date"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the changes that the guide describes."""
        super().__init__(*args, **kwargs)
        event = self.fields["event"]
        assert isinstance(event, forms.ChoiceField)
        event.choices = [(name, in_language(text)) for name, text in EVENTS.items()]


class HouseholdForm(forms.Form):
    """Who asks for the solidarity cover, and what they live on."""

    on = day_field(_("Day of the application"))
    birth_date = day_field(_("Your birth date"))
    is_apart = forms.BooleanField(
        label=_("I live away from my parents, with my own tax return and no allowance they deduct"),
        required=False,
    )
    has_child = forms.BooleanField(label=_("I have a child, or expect one"), required=False)
    people = forms.IntegerField(
        label=_("How many people is it for?"),
        help_text=_("You alone, or everybody in the family when the application is the family's."),
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=1,
        error_messages={"min_value": _("At least one person: yourself.")},
    )
    is_overseas = forms.BooleanField(label=_("In an overseas department"), required=False)
    income = forms.IntegerField(
        label=_("Income of all of them in twelve months, in euros"),
        help_text=_("Left empty, only the ceilings are shown."),
        min_value=0,
        max_value=MOST_INCOME,
        required=False,
        error_messages={"min_value": _("Write an income in whole euros, 0 if there was none.")},
    )


class AppointmentForm(forms.Form):
    """When an appointment was fixed."""

    appointment = forms.DateTimeField(
        label=_("Day and time of the appointment"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class StoryForm(forms.Form):
    """What happened to a request so far."""

    care_date = day_field(_("Day of the care"))
    sent_on = day_field(_("Day on which you sent the request"), required=False)
    decision_on = day_field(_("Day on which the decision was notified"), required=False)
    appeal_on = day_field(_("Day of your appeal"), required=False)


class SenderForm(forms.Form):
    """Who writes: name and address, for the head of a letter."""

    name = forms.CharField(label=_("Your name"), max_length=LINE)
    address = forms.CharField(
        label=_("Your address"),
        max_length=4 * LINE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As on an envelope, at most three lines of 38 characters."),
    )
    number = forms.CharField(
        label=_("Your social security number"),
        max_length=24,
        required=False,
        help_text=_("It is printed in the letter and not kept."),
    )

    def clean_address(self) -> tuple[str, ...]:
        """Return the lines of the address."""
        lines = tuple(line.strip() for line in self.cleaned_data["address"].splitlines())
        lines = tuple(line for line in lines if line)
        if len(lines) > 3 or any(len(line) > LINE for line in lines):  # noqa: PLR2004
            raise forms.ValidationError(_("At most three lines of 38 characters."))
        return lines


class LetterForm(SenderForm):
    """What a letter tells; what stays empty is left as dots to fill in by hand."""

    on = day_field(_("Day of the letter or of the change"), required=False)
    care_date = day_field(_("Day of the care"), required=False)
    sent_on = day_field(_("Day on which you sent the request"), required=False)
    decision_on = day_field(_("Day on which the decision was notified"), required=False)
    appeal_on = day_field(_("Day of your appeal"), required=False)
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    department = forms.CharField(
        label=_("Your department"), max_length=3, required=False, help_text=_("Such as 75.")
    )
    doctor = forms.CharField(label=_("The doctor's name"), max_length=30, required=False)
    why = forms.CharField(
        label=_("Your reasons, in your words"),
        max_length=MOST_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, wanted: frozenset[str], **kwargs: Any) -> None:
        """Keep the fields that the letter uses."""
        super().__init__(*args, **kwargs)
        chosen = self.fields["agency"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", _("The CPAM"))] + [
            (one.id, in_language(one.name)) for one in agencies().values() if one.centre
        ]
        for name in set(self.fields) - wanted - set(SenderForm.base_fields) - {"on"}:
            del self.fields[name]
