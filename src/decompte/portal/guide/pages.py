"""The public pages of the guide: its topics, for any academic year and school."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from decompte.portal import clock
from decompte.portal.guide import services
from decompte.portal.people import services as people
from decompte.portal.people.templatetags.words import in_language
from decompte.procedure import guide as guides
from decompte.procedure.establishments import establishments
from decompte.procedure.years import academic_year


def year_in_words(year: int) -> str:
    """Return an academic year as people write it: `2013-14`."""
    return f"{year}-{(year + 1) % 100:02d}"


class YearForm(forms.Form):
    """The academic year and the school that the page is for."""

    year = forms.TypedChoiceField(label=_("Academic year"), coerce=int)
    establishment = forms.ChoiceField(label=_("School"))

    def __init__(self, *args: Any, last: int, **kwargs: Any) -> None:
        """Offer every year that the data describes, the newest first."""
        super().__init__(*args, **kwargs)
        years, schools = self.fields["year"], self.fields["establishment"]
        assert isinstance(years, forms.ChoiceField)
        assert isinstance(schools, forms.ChoiceField)
        years.choices = [
            (year, year_in_words(year)) for year in range(last, guides.first_year() - 1, -1)
        ]
        schools.choices = [
            (name, in_language(school.name)) for name, school in establishments().items()
        ]


def topic(request: HttpRequest, topic: str) -> HttpResponse:
    """Show one topic of the guide, from the procedures' data."""
    now = academic_year(clock.today())
    usual = {"year": str(now), "establishment": next(iter(establishments()))}
    form = YearForm(
        {**usual, **request.GET.dict()}, last=max(now, academic_year(clock.machine_day()))
    )
    is_known = form.is_valid()
    year = form.cleaned_data["year"] if is_known else now
    school = form.cleaned_data["establishment"] if is_known else usual["establishment"]
    page = guides.topic(topic, year=year, establishment=school)
    if page is None:
        raise Http404
    shown = {
        "page": page,
        "form": form,
        "year": year_in_words(year),
        "levy": guides.campus_levy(year),
    }
    return render(request, "guide/topic.html", shown, status=200 if is_known else 422)


def index(request: HttpRequest) -> HttpResponse:
    """Show what the guide holds, with the answers that a member kept."""
    member = people.member_of(request.user) if request.user.is_authenticated else None
    kept = services.saved_advices(member) if member else []
    return render(request, "guide/index.html", {"topics": guides.topics(), "kept": kept})
