"""Sentences on what is kept back: out of the pathway, participation, franchise."""

from decompte.engine.sentence import Sentence
from decompte.errors import Text
from decompte.rules import reasons

WITHHELD = (
    Sentence(
        reasons.PATHWAY_WITHIN,
        "pathway.within",
        "pathway.within",
        Text(
            fr="Le parcours de soins coordonnés est respecté : rien n'est retiré.",
            en="The coordinated care pathway was followed: nothing is taken away.",
        ),
    ),
    Sentence(
        reasons.PATHWAY_EXCUSED,
        "pathway.excused",
        "pathway.within",
        Text(
            fr="Une urgence ou un éloignement du domicile excuse de ne pas passer par le médecin "
            "traitant.",
            en="An emergency, or being away from home, excuses not seeing the declared GP.",
        ),
    ),
    Sentence(
        reasons.PATHWAY_UNDER_AGE,
        "pathway.under_age",
        "pathway.gp_age",
        Text(
            fr="À cet âge, la majoration hors parcours de soins ne s'applique pas.",
            en="At this age the out-of-pathway penalty does not apply.",
        ),
    ),
    Sentence(
        reasons.PATHWAY_NOT_YET,
        "pathway.not_yet",
        "pathway.starts",
        Text(
            fr="Le parcours de soins coordonnés ne s'appliquait pas encore ce jour-là.",
            en="The coordinated care pathway did not apply yet on that day.",
        ),
    ),
    Sentence(
        reasons.PATHWAY_OUT,
        "pathway.out",
        "pathway.within",
        Text(
            fr="Ces soins sont hors du parcours de soins coordonnés : un autre médecin que le "
            "médecin traitant, sans qu'il vous y ait adressé.",
            en="This care is out of the coordinated care pathway: another doctor than the "
            "declared GP, without being referred.",
        ),
    ),
    Sentence(
        reasons.PATHWAY_NO_GP,
        "pathway.no_gp",
        "pathway.within_without_gp",
        Text(
            fr="La feuille dit « {pathway} », mais aucun médecin traitant n'était déclaré ce "
            "jour-là : les soins comptent comme hors parcours. Déclarez-en un pour la suite.",
            en="The form says “{pathway}”, but no GP was declared on that day: the care counts as "
            "out of pathway. Declare one for the next visits.",
        ),
    ),
    Sentence(
        reasons.PATHWAY_NO_DIRECT_ACCESS,
        "pathway.no_direct_access",
        "pathway.direct_access_from_age",
        Text(
            fr="Cette spécialité n'est pas en accès direct à cet âge : il fallait être adressé "
            "par le médecin traitant.",
            en="This specialty has no direct access at this age: a referral by the declared GP "
            "was needed.",
        ),
    ),
    Sentence(
        reasons.PENALTY,
        "pathway.penalty",
        "pathway.penalty_points",
        Text(
            fr="Hors parcours, {penalty} sont retirés du remboursement.",
            en="Out of the pathway, {penalty} is taken off the reimbursement.",
        ),
    ),
    Sentence(
        reasons.PENALTY_CAPPED,
        "pathway.penalty_capped",
        "pathway.penalty_cap",
        Text(
            fr="Ce retrait s'arrête à un plafond : {penalty}.",
            en="What is taken off stops at a cap: {penalty}.",
        ),
    ),
    Sentence(
        reasons.PARTICIPATION,
        "participation.kept",
        "participation.per_act",
        Text(
            fr="Une participation forfaitaire est retenue sur chaque acte d'un médecin : "
            "{participation}.",
            en="A flat participation is kept back on each doctor's act: {participation}.",
        ),
    ),
    Sentence(
        reasons.PARTICIPATION_MINOR,
        "participation.minor",
        "participation.minor_age",
        Text(
            fr="Aucune participation forfaitaire n'est retenue l'année où l'on est mineur au "
            "1er janvier.",
            en="No flat participation is kept in a year that begins under age.",
        ),
    ),
    Sentence(
        reasons.PARTICIPATION_EXEMPT,
        "participation.exempt",
        "participation.exempt",
        Text(
            fr="Vos droits vous dispensent de la participation forfaitaire.",
            en="Your cover exempts you from the flat participation.",
        ),
    ),
    Sentence(
        reasons.PARTICIPATION_DAY_CAP,
        "participation.day_cap",
        "participation.day_cap_acts",
        Text(
            fr="Le plafond du jour pour ce médecin est atteint.",
            en="The day's cap for this doctor is reached.",
        ),
    ),
    Sentence(
        reasons.PARTICIPATION_YEAR_CAP,
        "participation.year_cap",
        "participation.year_cap",
        Text(
            fr="Le plafond de l'année est atteint.",
            en="The year's cap is reached.",
        ),
    ),
    Sentence(
        reasons.PARTICIPATION_NO_MORE_THAN_LEFT,
        "participation.no_more_than_left",
        "participation.per_act",
        Text(
            fr="La participation ne dépasse pas ce qui reste du remboursement.",
            en="The participation is no more than what is left of the reimbursement.",
        ),
    ),
    Sentence(
        reasons.FRANCHISE,
        "franchise.kept",
        "franchise.per_unit",
        Text(
            fr="Une franchise est retenue sur chaque boîte, acte d'auxiliaire ou trajet : "
            "{franchise}.",
            en="A franchise is kept back on each box, auxiliary's act or trip: {franchise}.",
        ),
    ),
    Sentence(
        reasons.FRANCHISE_MINOR,
        "franchise.minor",
        "franchise.minor_age",
        Text(
            fr="Aucune franchise n'est retenue l'année où l'on est mineur au 1er janvier.",
            en="No franchise is kept in a year that begins under age.",
        ),
    ),
    Sentence(
        reasons.FRANCHISE_EXEMPT,
        "franchise.exempt",
        "franchise.exempt",
        Text(
            fr="Vos droits vous dispensent de la franchise.",
            en="Your cover exempts you from the franchise.",
        ),
    ),
    Sentence(
        reasons.FRANCHISE_DAY_CAP,
        "franchise.day_cap",
        "franchise.day_cap",
        Text(
            fr="Le plafond de franchise du jour est atteint.",
            en="The day's cap of the franchise is reached.",
        ),
    ),
    Sentence(
        reasons.FRANCHISE_YEAR_CAP,
        "franchise.year_cap",
        "franchise.year_cap",
        Text(
            fr="Le plafond de franchise de l'année est atteint.",
            en="The year's cap of the franchise is reached.",
        ),
    ),
    Sentence(
        reasons.FRANCHISE_NO_MORE_THAN_LEFT,
        "franchise.no_more_than_left",
        "franchise.per_unit",
        Text(
            fr="La franchise ne dépasse pas ce qui reste du remboursement.",
            en="The franchise is no more than what is left of the reimbursement.",
        ),
    ),
)
