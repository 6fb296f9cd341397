"""Finds members by their names within an agency: the first letters of each word, accents aside.

The beginnings of words are rows compared for equality: an index serves them on SQLite and, behind
row-level security, on PostgreSQL, where `LIKE` would not be.
"""

import re
import unicodedata
from functools import reduce

from decompte.portal.people.models import BankAccount, Member, SearchWord

SHORTEST, LONGEST = 2, 12
MOST_FOUND = 100


def words(text: str) -> list[str]:
    """Return the words of a text, in small letters without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in plain if not unicodedata.combining(one))
    return [word[:LONGEST] for word in re.findall(r"\w+", bare) if len(word) >= SHORTEST]


def beginnings(name: str) -> set[str]:
    """Return what may be typed to find a name."""
    return {word[:length] for word in words(name) for length in range(SHORTEST, len(word) + 1)}


def index(member: Member) -> None:
    """Make a member findable by their present names at each agency that covers or covered them."""
    SearchWord.objects.filter(member_id=member.pk).delete()
    agencies = member.memberships.values_list("agency", flat=True)
    SearchWord.objects.bulk_create(
        SearchWord(member_id=member.pk, agency=agency, word=word)
        for agency in agencies
        for word in sorted(beginnings(member.name))
    )


def by_account_end(last4: str) -> list[int]:
    """Return the keys of the scope's members with an account in use that ends like this."""
    rows = BankAccount.objects.filter(iban_last4=last4, ended_at__isnull=True)
    keys = rows.order_by("member_id").values_list("member_id", flat=True).distinct()
    return list(keys[:MOST_FOUND])


def found(text: str) -> list[int]:
    """Return the keys of the scope's members whose names begin with each word of a text."""
    asked = words(text)
    if not asked:
        return []
    each = [SearchWord.objects.filter(word=word).values("member_id") for word in asked]
    first = SearchWord.objects.filter(word=asked[0])
    narrowed = reduce(lambda rows, one: rows.filter(member_id__in=one), each[1:], first)
    return list(narrowed.order_by("member_id").values_list("member_id", flat=True)[:MOST_FOUND])
