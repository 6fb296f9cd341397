"""The refusals of the room, in both languages."""

from decompte.errors import Problem, Refusal, Text


def refusal(field: str, code: str, fr: str, en: str) -> Refusal:
    """Return a refusal with one problem."""
    return Refusal([Problem(code, field, Text(fr=fr, en=en))])
