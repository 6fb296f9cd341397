"""What a sentence for a reason is made of."""

from typing import NamedTuple

from decompte.errors import Text


class Sentence(NamedTuple):
    """How a reason is said.

    Attributes:
        bit: its bit in the mask.
        code: stable name in answers.
        figure: id of the figure that gives the source; `tariff` stands for the act's own,
            `overseas` for the act's own in that place, `rate` for that of its kind of care,
            `code` for the nomenclature that was charged, `prevention` for that of the
            prevention scheme.
        text: the sentence; `{names}` are filled with the amounts of the line.
    """

    bit: int
    code: str
    figure: str
    text: Text
