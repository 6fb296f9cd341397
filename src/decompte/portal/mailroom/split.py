"""Divides a scanned stack into the envelopes it came in, by the codes on letters and cover sheets.

Nothing is left out: each page of the stack is in exactly one bundle, in one of its roles.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from decompte.documents.cover import Cover, read


class Seen(Protocol):
    """What is known of a page: the codes on it, and whether it is blank."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Return what its codes say."""

    @property
    def is_blank(self) -> bool:
        """Return whether nothing is written on it."""


@dataclass
class Bundle:
    """The pages of one envelope, by their place in the stack.

    Attributes:
        reference: of the request; empty for pages without a cover sheet.
        kinds: the papers its cover sheet announces, in order.
        letters, covers, papers, blanks: places of the pages, from 0.
    """

    reference: str = ""
    kinds: tuple[str, ...] = ()
    letters: list[int] = field(default_factory=list)
    covers: list[int] = field(default_factory=list)
    papers: list[int] = field(default_factory=list)
    blanks: list[int] = field(default_factory=list)

    @property
    def is_as_announced(self) -> bool:
        """Return whether there is one page for each paper of the cover sheet."""
        return bool(self.kinds) and len(self.papers) == len(self.kinds)

    @property
    def is_empty(self) -> bool:
        """Return whether no page is in it."""
        return not (self.letters or self.covers or self.papers or self.blanks)


def split(pages: Sequence[Seen]) -> list[Bundle]:
    """Return the bundles of a stack, in its order.

    A letter or a cover sheet begins a bundle, unless it goes with the one just begun. What comes
    before the first one belongs to no request.
    """
    bundles = [Bundle()]
    for place, page in enumerate(pages):
        code = _ours(page.codes)
        if code is None:
            current = bundles[-1]
            (current.blanks if page.is_blank else current.papers).append(place)
            continue
        if not _goes_with(bundles[-1], code):
            bundles.append(Bundle(code.reference))
        current = bundles[-1]
        if code.is_letter:
            current.letters.append(place)
        else:
            current.kinds = code.kinds
            current.covers.append(place)
    return [bundle for bundle in bundles if not bundle.is_empty]


def _goes_with(bundle: Bundle, code: Cover) -> bool:
    """Return whether a letter or cover sheet belongs to the envelope that was just begun."""
    if bundle.reference != code.reference or bundle.papers:
        return False
    return not (bundle.letters if code.is_letter else bundle.covers)


def _ours(codes: Sequence[str]) -> Cover | None:
    return next((cover for text in codes if (cover := read(text))), None)
