"""What a sentence for a reason is made of."""

from typing import NamedTuple

from decompte.errors import Text

# What a form says of how the patient came, as it is quoted in a sentence.
SAID = {
    "declared-gp": Text(fr="médecin traitant", en="declared GP"),
    "referred": Text(fr="adressé par le médecin traitant", en="referred by the declared GP"),
    "gp-replaced": Text(fr="remplaçant du médecin traitant", en="stood in for the declared GP"),
    "direct-access": Text(fr="accès direct", en="direct access"),
    "emergency": Text(fr="urgence", en="emergency"),
    "away-from-home": Text(fr="hors de la résidence habituelle", en="away from home"),
    "new-gp": Text(fr="médecin récemment installé", en="recently set-up GP"),
    "out-of-pathway": Text(fr="hors parcours", en="out of pathway"),
    "not-concerned": Text(fr="non concerné", en="not concerned"),
}


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
