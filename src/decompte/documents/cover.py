"""What the code on a cover sheet says: which request, and its papers in order.

The mailroom reads it from a scan; it carries no name and no number of a person.
"""

from typing import NamedTuple

import segno

MARK = "DECOMPTE1"
LETTER = "letter"


class Cover(NamedTuple):
    """What a code of ours carries.

    Attributes:
        reference: of the request.
        kinds: the kinds of paper that follow, in order; empty on the letter itself.
    """

    reference: str
    kinds: tuple[str, ...]

    @property
    def is_letter(self) -> bool:
        """Return whether the code stands on the letter and not on the cover sheet."""
        return not self.kinds


def written(cover: Cover) -> str:
    """Return the text of the code."""
    return f"{MARK} {cover.reference} {','.join(cover.kinds) or LETTER}"


def read(text: str) -> Cover | None:
    """Return what a code says, or None when it is not one of ours."""
    mark, _, rest = text.partition(" ")
    reference, _, kinds = rest.partition(" ")
    if mark != MARK or not reference.isalnum() or not kinds:
        return None
    return Cover(reference, () if kinds == LETTER else tuple(kinds.split(",")))


def picture(cover: Cover) -> str:
    """Return the code as SVG; a quarter of it may be covered or dirty."""
    code = segno.make(written(cover), error="q", micro=False)
    drawn: str = code.svg_inline(border=2, scale=4, dark="#000000", light="#ffffff")
    return drawn.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
