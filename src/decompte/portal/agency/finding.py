"""Finds members and requests of an agency by whatever somebody has at hand.

An identity number, the last four characters of an account, names, or words: of doctors, of what
was written, and on papers as a program read them. Everything stays within the scope's agency, and
is found by an index.
"""

import re
from typing import Any

from decompte.portal.people import search
from decompte.portal.people import services as people
from decompte.portal.requests import search as words

ACCOUNT_END = re.compile(r"[•*X.\s]*(\d{4})")
SHORTEST_NUMBER = 13


def found(asked: str) -> dict[str, Any]:
    """Return the members and the requests that what was asked leads to."""
    if end := ACCOUNT_END.fullmatch(asked):
        return {"members": people.members_among(search.by_account_end(end[1])), "requests": []}
    if _is_number(asked):
        member = people.member_by_nir(asked)
        return {"members": [member] if member else [], "requests": []}
    members = people.members_among(search.found(asked))
    requests = words.found(asked)
    return {"members": members, "requests": requests, "read": words.on_papers(asked, requests)}


def _is_number(asked: str) -> bool:
    typed = "".join(asked.split())
    return len(typed) >= SHORTEST_NUMBER and typed[0].isdigit() and typed[-2:].isdigit()
