"""Sentences on who pays the rest, on what is recovered later, and on what is paid nothing."""

from decompte.engine.sentence import Sentence
from decompte.errors import Text
from decompte.rules import reasons

OTHERS = (
    Sentence(
        reasons.LOCAL,
        "local.top_up",
        "local.total_rate",
        Text(
            fr="Le régime local d'Alsace-Moselle ajoute {local}.",
            en="The local scheme of Alsace-Moselle adds {local}.",
        ),
    ),
    Sentence(
        reasons.SOLIDARITY,
        "solidarity.copayment",
        "solidarity.copayment_share",
        Text(
            fr="La complémentaire santé solidaire (CMU-C avant novembre 2019) paie le ticket "
            "modérateur : {solidarity}.",
            en="The solidarity cover (CMU-C before November 2019) pays the co-payment: "
            "{solidarity}.",
        ),
    ),
    Sentence(
        reasons.SOLIDARITY_TARIFF,
        "solidarity.tariff",
        "solidarity.imposes_tariff",
        Text(
            fr="Avec cette couverture, le médecin devait s'en tenir au tarif : demandez-lui de "
            "vous rendre {overcharge}, sauf si vous aviez une exigence particulière.",
            en="Under this cover the doctor had to keep to the tariff: ask for {overcharge} back, "
            "unless you had a special request.",
        ),
    ),
    Sentence(
        reasons.COMPLEMENTARY_COPAYMENT,
        "complementary.copayment",
        "complementary.copayment_share",
        Text(
            fr="Votre complémentaire prend sa part du ticket modérateur ; elle paie {amc} en tout.",
            en="Your complementary insurance takes its share of the co-payment; it pays {amc} "
            "in all.",
        ),
    ),
    Sentence(
        reasons.COMPLEMENTARY_OVERCHARGE,
        "complementary.overcharge",
        "complementary.overcharge_share",
        Text(
            fr="Votre complémentaire prend sa part du dépassement ; elle paie {amc} en tout.",
            en="Your complementary insurance takes its share of the overcharge; it pays {amc} "
            "in all.",
        ),
    ),
    Sentence(
        reasons.COMPLEMENTARY_OUT_OF_PATHWAY,
        "complementary.out_of_pathway",
        "complementary.withheld_out_of_pathway",
        Text(
            fr="Hors du parcours, un contrat responsable vous laisse le début du dépassement.",
            en="Out of the pathway, a responsible contract leaves the first euros of the "
            "overcharge to you.",
        ),
    ),
    Sentence(
        reasons.COMPLEMENTARY_FLAT_SUM,
        "complementary.flat_sum",
        "complementary.flat_sum_year_limit",
        Text(
            fr="Votre complémentaire ajoute un forfait ; elle paie {amc} en tout.",
            en="Your complementary insurance adds a flat sum; it pays {amc} in all.",
        ),
    ),
    Sentence(
        reasons.COMPLEMENTARY_YEAR_LIMIT,
        "complementary.year_limit",
        "complementary.flat_sum_year_limit",
        Text(
            fr="Le plafond annuel des forfaits de votre complémentaire est atteint.",
            en="The yearly limit of your complementary's flat sums is reached.",
        ),
    ),
    Sentence(
        reasons.COMPLEMENTARY_WAITING,
        "complementary.waiting",
        "complementary.waiting_days",
        Text(
            fr="Votre complémentaire ne paie pas encore : son délai de carence court.",
            en="Your complementary insurance does not pay yet: its waiting period is running.",
        ),
    ),
    Sentence(
        reasons.COMPLEMENTARY_NEVER,
        "complementary.never",
        "complementary.pays_participation",
        Text(
            fr="La complémentaire ne peut pas payer la participation forfaitaire, la franchise ni "
            "la majoration hors parcours.",
            en="The complementary may not pay the flat participation, the franchise nor the "
            "out-of-pathway penalty.",
        ),
    ),
    Sentence(
        reasons.DEFERRED,
        "deferral.third_party",
        "deferral.applies",
        Text(
            fr="Le médecin a été payé directement : {deferred} seront retenus sur vos prochains "
            "remboursements.",
            en="The doctor was paid directly: {deferred} will be taken from your next "
            "reimbursements.",
        ),
    ),
    Sentence(
        reasons.OUT_OF_RIGHTS,
        "claim.out_of_rights",
        "claim.rights",
        Text(
            fr="Vos droits n'étaient pas ouverts ce jour-là : rien n'est remboursé.",
            en="You were not covered on that day: nothing is reimbursed.",
        ),
    ),
    Sentence(
        reasons.CLAIMED_TOO_LATE,
        "claim.too_late",
        "claim.years",
        Text(
            fr="La demande est arrivée après le délai de deux ans, compté du premier jour du "
            "trimestre qui suit les soins : rien n'est remboursé.",
            en="The claim came after the two years that count from the first day of the quarter "
            "after the care: nothing is reimbursed.",
        ),
    ),
    Sentence(
        reasons.CLAIMED_TWICE,
        "claim.twice",
        "claim.once",
        Text(
            fr="Cette ligne figure déjà dans la demande : elle n'est remboursée qu'une fois.",
            en="This line stands in the claim already: it is reimbursed once.",
        ),
    ),
)
