"""Template filters: bilingual texts, amounts, days, numbers, names."""

from datetime import date, datetime

from babel.numbers import format_compact_decimal, format_decimal
from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from decompte.documents.words import day_in_words
from decompte.engine.explain import euros as in_euros
from decompte.errors import Lang, Text, spaced
from decompte.procedure.agencies import agencies

register = template.Library()
FORMULAS = {
    "example-formula-2013": _("Example formula 2013"),
    "example-formula-2013-plus": _("Example formula 2013, with more"),
    "example-responsible": _("Example of a responsible contract"),
    "example-student": _("Example for students"),
}
LOCALES = {"fr": "fr", "en": "en_GB"}


def language() -> Lang:
    """Return the reader's language, one of the two this program speaks."""
    return "fr" if (get_language() or "en").startswith("fr") else "en"


@register.filter
def in_language(text: Text) -> str:
    """Return a bilingual text in the reader's language."""
    return text.to(language())


@register.filter
def euros(amount_cents: int) -> str:
    """Return an amount in cents as the reader writes it: `15,10 €` or `€15.10`."""
    return in_euros(amount_cents, language())


@register.filter
def amount(written: str) -> str:
    """Return an amount of the result format, `15.10`, as the reader writes it."""
    return euros(int(written.replace(".", "")))


@register.filter
def day(value: date | str | None) -> str:
    """Return a day in words: `12 mars 2014`, `1er mars 2014`, `12 March 2014`."""
    if not value:
        return ""
    when = date.fromisoformat(value) if isinstance(value, str) else value
    if isinstance(when, datetime):
        when = timezone.localtime(when)
    return day_in_words(when, language())


@register.filter
def number(value: int) -> str:
    """Return a number with its thousands apart: `13 350` or `13,350`."""
    return format_decimal(value, locale=LOCALES[language()])


@register.filter
def short(value: int) -> str:
    """Return a round number in few signs, for the axis of a plot: `10 k` or `10K`."""
    return format_compact_decimal(value, locale=LOCALES[language()], fraction_digits=1)


@register.filter
def agency(name: str) -> str:
    """Return the id of an agency as people call it: `lmde` is LMDE."""
    known = agencies().get(name)
    return in_language(known.name) if known else name


@register.filter
def colon(said: object) -> str:
    """Return what was said with a colon behind it, which in French stands apart."""
    return spaced(f"{said} :") if language() == "fr" else f"{said}:"


@register.filter
def formula(name: str) -> str:
    """Return the id of a formula as people read it: `Example formula 2013`."""
    return str(FORMULAS.get(name) or name.replace("-", " ").capitalize())
