"""Why a row of a batch cannot be computed: one bit a problem, so that all are told at once.

A bit never changes its meaning: files of rejected rows keep the names for ever. New ones go at
the end. The names are those of the case file where it knows the same problem. `PREVENTION` is
no longer given: acts for prevention alone are computed since a charge is read at every age.
"""

from typing import NamedTuple

from decompte.errors import Lang, Text


class Rejection(NamedTuple):
    """A problem of a row.

    Attributes:
        bit: its place in the mask.
        code: stable name.
        column: the column that has it.
        message: what is wrong and what is allowed.
    """

    bit: int
    code: str
    column: str
    message: Text


BENEFICIARY_MISSING = 1 << 0
LINE_MISSING = 1 << 1
DATE_MISSING = 1 << 2
ACT_MISSING = 1 << 3
PRICE_MISSING = 1 << 4
CELL_UNREADABLE = 1 << 5
LINE_TWICE = 1 << 6
DATE_NOT_MODELLED = 1 << 7
DATE_FUTURE = 1 << 8
DATE_BEFORE_BIRTH = 1 << 9
BIRTH_RANGE = 1 << 10
PRICE_RANGE = 1 << 11
QUANTITY_RANGE = 1 << 12
ACT_UNKNOWN = 1 << 13
ACT_NEEDS_CODE = 1 << 14
ACT_PRACTITIONER = 1 << 15
CODE_TOO_EARLY = 1 << 16
CODE_RETIRED = 1 << 17
CODE_NO_PRICE = 1 << 18
NO_TARIFF = 1 << 19
LOCAL_NOT_MODELLED = 1 << 20
COVER_NOT_MODELLED = 1 << 21
COVER_UNKNOWN = 1 << 22
COEFFICIENT_MISSING = 1 << 23
COEFFICIENT_WRONG = 1 << 24
COEFFICIENT_NONE = 1 << 25
SPECIALTY_UNKNOWN = 1 << 26
SECTOR_UNKNOWN = 1 << 27
PATHWAY_UNKNOWN = 1 << 28
SCHEME_UNKNOWN = 1 << 29
FORMULA_UNKNOWN = 1 << 30
COMPLEMENTARY_TWO = 1 << 31
OTHER = 1 << 32
COVER_CONTRADICTION = 1 << 33
COVER_ABSENT = 1 << 34
PRACTITIONER_RANGE = 1 << 35
PREVENTION = 1 << 36
NO_CONVENTION = 1 << 37
PLACE_UNKNOWN = 1 << 38
AGE = 1 << 39
ACT_RETIRED = 1 << 40
NOT_CLAIMED = 1 << 41
COEFFICIENT_OF_ACT = 1 << 42
QUANTITY_OF_ACT = 1 << 43

APART = " | "
MISSING = Text("cette valeur est nécessaire", "this value is needed")
NAME = Text("nom inconnu", "unknown name")
REJECTIONS = (
    Rejection(BENEFICIARY_MISSING, "field.missing", "beneficiary", MISSING),
    Rejection(LINE_MISSING, "field.missing", "line", MISSING),
    Rejection(DATE_MISSING, "field.missing", "date", MISSING),
    Rejection(ACT_MISSING, "field.missing", "act", MISSING),
    Rejection(PRICE_MISSING, "field.missing", "price_cents", MISSING),
    Rejection(
        CELL_UNREADABLE,
        "cell.unreadable",
        "row",
        Text("une valeur n'a pas la forme attendue", "a value does not have the expected form"),
    ),
    Rejection(
        LINE_TWICE,
        "line.twice",
        "line",
        Text(
            "ce numéro désigne plusieurs lignes de la même personne",
            "this number names several lines of the same person",
        ),
    ),
    Rejection(
        DATE_NOT_MODELLED,
        "date.not_modelled",
        "date",
        Text(
            "le droit d'avant 2005 n'est pas calculé ici",
            "the law before 2005 is not computed here",
        ),
    ),
    Rejection(
        DATE_FUTURE, "date.future", "date", Text("soins dans l'avenir", "care in the future")
    ),
    Rejection(
        DATE_BEFORE_BIRTH,
        "date.before_birth",
        "date",
        Text("soins avant la naissance", "care before birth"),
    ),
    Rejection(
        BIRTH_RANGE,
        "date.impossible",
        "birth_date",
        Text("date hors limites ou dans l'avenir", "date out of range or in the future"),
    ),
    Rejection(
        PRICE_RANGE,
        "amount.range",
        "price_cents",
        Text("de 0 à 1 000 000 euros", "from 0 to 1,000,000 euros"),
    ),
    Rejection(QUANTITY_RANGE, "number.range", "quantity", Text("de 1 à 99", "from 1 to 99")),
    Rejection(
        ACT_UNKNOWN,
        "act.unknown",
        "act",
        Text(
            "acte inconnu ; pour un code, importer sa nomenclature",
            "unknown act; for a code, import its nomenclature",
        ),
    ),
    Rejection(
        ACT_NEEDS_CODE,
        "act.needs_code",
        "act",
        Text(
            "cette lettre ne suffit pas : donner le code de l'acte ou du produit",
            "this letter is not enough: give the code of the act or product",
        ),
    ),
    Rejection(
        ACT_PRACTITIONER,
        "act.practitioner",
        "specialty",
        Text("cet acte est celui d'une autre profession", "this act belongs to another profession"),
    ),
    Rejection(
        CODE_TOO_EARLY,
        "code.too_early",
        "act",
        Text(
            "le tarif de ce code n'est pas connu à cette date",
            "the tariff of this code is not known on that day",
        ),
    ),
    Rejection(
        CODE_RETIRED,
        "code.retired",
        "act",
        Text("ce code n'est plus dans la nomenclature", "this code left the nomenclature"),
    ),
    Rejection(
        CODE_NO_PRICE,
        "code.no_price",
        "act",
        Text("le tarif de ce code n'est pas connu ici", "the tariff of this code is not known"),
    ),
    Rejection(
        NO_TARIFF,
        "act.no_tariff",
        "act",
        Text("aucun tarif connu à cette date", "no tariff known on that day"),
    ),
    Rejection(
        LOCAL_NOT_MODELLED,
        "local.not_modelled",
        "scheme",
        Text(
            "la part du régime local pour cet acte n'est pas encore calculée ici",
            "the local scheme's share for this act is not computed here yet",
        ),
    ),
    Rejection(
        COVER_NOT_MODELLED,
        "cover.not_modelled",
        "covers",
        Text(
            "le montant avec cette couverture n'est pas encore calculé ici",
            "the amount under this cover is not computed here yet",
        ),
    ),
    Rejection(
        COVER_UNKNOWN,
        "cover.unknown",
        "covers",
        Text("un bit n'a pas de signification", "a bit means nothing"),
    ),
    Rejection(
        COEFFICIENT_MISSING,
        "field.missing",
        "coefficient",
        Text("cet acte a un coefficient", "this act has a coefficient"),
    ),
    Rejection(
        COEFFICIENT_WRONG,
        "coefficient.range",
        "coefficient",
        Text(
            "plus de 0, au plus 1000, au plus deux décimales",
            "more than 0, at most 1000, at most two decimals",
        ),
    ),
    Rejection(
        COEFFICIENT_NONE,
        "coefficient.none",
        "coefficient",
        Text(
            "cet acte n'a pas ce coefficient ; laisser vide",
            "this act does not have this coefficient; leave it out",
        ),
    ),
    Rejection(SPECIALTY_UNKNOWN, "choice.unknown", "specialty", NAME),
    Rejection(SECTOR_UNKNOWN, "choice.unknown", "sector", NAME),
    Rejection(PATHWAY_UNKNOWN, "choice.unknown", "pathway", NAME),
    Rejection(SCHEME_UNKNOWN, "choice.unknown", "scheme", NAME),
    Rejection(FORMULA_UNKNOWN, "choice.unknown", "formula", NAME),
    Rejection(
        COMPLEMENTARY_TWO,
        "complementary.two",
        "formula",
        Text(
            "la complémentaire santé solidaire couvre déjà ces soins",
            "the solidarity cover covers this care already",
        ),
    ),
    Rejection(
        OTHER,
        "act.refused",
        "act",
        Text(
            "cet acte est refusé ; `decompte reimburse` dit pourquoi",
            "this act is refused; `decompte reimburse` says why",
        ),
    ),
    Rejection(
        COVER_CONTRADICTION,
        "cover.contradiction",
        "covers",
        Text(
            "des couvertures qui se contredisent", "covers, scheme or formula contradict each other"
        ),
    ),
    Rejection(
        COVER_ABSENT,
        "cover.absent",
        "related",
        Text(
            "soins liés à une couverture qui n'est pas en vigueur",
            "care related to a cover that is not in force",
        ),
    ),
    Rejection(
        PRACTITIONER_RANGE,
        "number.range",
        "practitioner",
        Text("un identifiant n'est pas négatif", "an identifier is not negative"),
    ),
    Rejection(
        PREVENTION,
        "prevention.not_in_batch",
        "act",
        Text(
            "un acte réservé à la prévention dépend de l'âge : `decompte reimburse` le calcule",
            "an act for prevention alone depends on age: `decompte reimburse` computes it",
        ),
    ),
    Rejection(
        NO_CONVENTION,
        "technical.no_convention",
        "sector",
        Text(
            "le tarif d'autorité des actes techniques n'est pas connu ici",
            "the authority tariff of technical acts is not known here",
        ),
    ),
    Rejection(PLACE_UNKNOWN, "choice.unknown", "place", NAME),
    Rejection(
        AGE,
        "act.age",
        "birth_date",
        Text(
            "cet acte n'est pas pour une personne de cet âge",
            "this act is not for a person of this age",
        ),
    ),
    Rejection(
        ACT_RETIRED,
        "act.retired",
        "act",
        Text(
            "cet acte n'existe plus ce jour-là ; `decompte reimburse` dit ce qui l'a remplacé",
            "this act no longer exists on that day; `decompte reimburse` says what replaced it",
        ),
    ),
    Rejection(
        NOT_CLAIMED,
        "act.not_claimed",
        "act",
        Text(
            "gratuit pour l'étudiant : rien à demander à l'assurance maladie",
            "free for the student: nothing to claim from the health insurance",
        ),
    ),
    Rejection(
        COEFFICIENT_OF_ACT,
        "coefficient.of_act",
        "coefficient",
        Text(
            "plus que cet acte ne permet ; `decompte reimburse` dit la borne et sa source",
            "more than this act allows; `decompte reimburse` names the bound and its source",
        ),
    ),
    Rejection(
        QUANTITY_OF_ACT,
        "quantity.of_act",
        "quantity",
        Text(
            "plus que cet acte ne permet ; `decompte reimburse` dit la borne et sa source",
            "more than this act allows; `decompte reimburse` names the bound and its source",
        ),
    ),
)
BIT_OF_CHARGE = {
    "act.unknown": ACT_UNKNOWN,
    "act.needs_code": ACT_NEEDS_CODE,
    "act.practitioner": ACT_PRACTITIONER,
    "code.too_early": CODE_TOO_EARLY,
    "code.retired": CODE_RETIRED,
    "code.no_price": CODE_NO_PRICE,
    "act.no_tariff": NO_TARIFF,
    "prevention.age": AGE,
    "act.age": AGE,
    "act.retired": ACT_RETIRED,
    "act.not_claimed": NOT_CLAIMED,
    "technical.no_convention": NO_CONVENTION,
}


def told(mask: int, lang: Lang) -> str:
    """Return every problem of a mask in one line: `column: code: sentence`, parted by `APART`."""
    return APART.join(
        f"{one.column}: {one.code}: {one.message.to(lang)}" for one in REJECTIONS if mask & one.bit
    )
