"""Template filters: the codes of a care line in words."""

from django import template
from django.utils.translation import gettext

from decompte.engine.periods import periods
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.requests.forms import PATHWAYS, SECTOR_NAMES

register = template.Library()


@register.filter
def act(letter: str) -> str:
    """Return an act with its letter: `GP consultation (G)`."""
    known = periods().data.acts.get(letter)
    return f"{in_language(known.label)} ({letter})" if known else letter


@register.filter
def specialty(name: str) -> str:
    """Return a specialty in words."""
    label = periods().data.specialties.get(name)
    return in_language(label) if label else name


@register.filter
def sector(name: str) -> str:
    """Return a sector of the agreement in words."""
    return str(SECTOR_NAMES.get(name, name))


@register.filter
def pathway(name: str) -> str:
    """Return how the student says they came to the doctor."""
    return str(dict(PATHWAYS).get(name) or gettext("Not concerned"))
