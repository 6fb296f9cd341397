"""One sentence a reason, in French and English, with the figure that gives its source."""

from typing import NamedTuple

from decompte.errors import Text
from decompte.rules import reasons


class Sentence(NamedTuple):
    """How a reason is said.

    Attributes:
        bit: its bit in the mask.
        code: stable name in answers.
        figure: id of the figure that gives the source; `tariff` stands for the act's own, `rate`
            for that of its kind of care, `code` for the nomenclature that was charged,
            `prevention` for that of the prevention scheme.
        text: the sentence; `{names}` are filled with the amounts of the line.
    """

    bit: int
    code: str
    figure: str
    text: Text


SENTENCES = (
    Sentence(
        reasons.BASE_TARIFF,
        "base.tariff",
        "tariff",
        Text(
            fr="Le tarif officiel de cet acte ({act}) est de {base}.",
            en="The official tariff of this act ({act}) is {base}.",
        ),
    ),
    Sentence(
        reasons.BASE_COEFFICIENT,
        "base.coefficient",
        "tariff",
        Text(
            fr="Le tarif officiel ({act}) est de {key} par unité ; coefficient {coefficient} : "
            "{base}.",
            en="The official tariff ({act}) is {key} a unit; coefficient {coefficient}: {base}.",
        ),
    ),
    Sentence(
        reasons.BASE_PRICE,
        "base.price",
        "rate",
        Text(
            fr="Ce prix est réglementé : le calcul part de ce qui a été payé, {base} ({act}).",
            en="This price is regulated: what was paid is what counts, {base} ({act}).",
        ),
    ),
    Sentence(
        reasons.BASE_CODE,
        "base.code",
        "code",
        Text(
            fr="Le tarif officiel ({act}) est de {key} ; en tout {base}.",
            en="The official tariff ({act}) is {key}; {base} in all.",
        ),
    ),
    Sentence(
        reasons.BASE_MODIFIERS,
        "base.modifiers",
        "technical.modifier_amount",
        Text(
            fr="Les modificateurs {modifiers} sont comptés dans ce tarif.",
            en="The modifiers {modifiers} count in this tariff.",
        ),
    ),
    Sentence(
        reasons.BASE_ASSOCIATION,
        "base.association",
        "technical.association",
        Text(
            fr="Cet acte est facturé avec un autre (code {association}) : {association_share} % de "
            "son tarif comptent.",
            en="This act is charged together with another (code {association}): "
            "{association_share}% of its tariff count.",
        ),
    ),
    Sentence(
        reasons.BASE_PRICE_BELOW_TARIFF,
        "base.price_below_tariff",
        "tariff",
        Text(
            fr="Vous avez payé {price}, moins que le tarif officiel : le calcul part de ce prix.",
            en="You paid {price}, less than the official tariff: the price is what counts.",
        ),
    ),
    Sentence(
        reasons.OVERCHARGE,
        "base.overcharge",
        "tariff",
        Text(
            fr="Le prix dépasse le tarif de {overcharge} : l'assurance obligatoire ne rembourse "
            "pas ce dépassement.",
            en="The price is {overcharge} above the tariff: the mandatory insurance does not "
            "reimburse this overcharge.",
        ),
    ),
    Sentence(
        reasons.RATE_CONSULTATION,
        "rate.consultation",
        "rate.doctor",
        Text(
            fr="L'assurance obligatoire rembourse {rate} % du tarif : {gross}.",
            en="The mandatory insurance reimburses {rate}% of the tariff: {gross}.",
        ),
    ),
    Sentence(
        reasons.BASKET_100_SANTE,
        "basket.100_sante",
        "code",
        Text(
            fr="Ce soin ou cet appareil ({act}) est du panier 100 % santé : une complémentaire "
            "responsable paie le reste.",
            en="This care or device ({act}) is of the 100% santé basket: a responsible "
            "complementary insurance pays the rest.",
        ),
    ),
    Sentence(
        reasons.SESSIONS_SPENT,
        "sessions.spent",
        "sessions.a_year",
        Text(
            fr="Les {sessions} séances remboursées de l'année civile sont épuisées : celle-ci "
            "reste à votre charge.",
            en="The {sessions} sessions reimbursed in the calendar year are spent: this one stays "
            "with you.",
        ),
    ),
    Sentence(
        reasons.PRICE_ABOVE_CEILING,
        "basket.ceiling",
        "basket.ceiling",
        Text(
            fr="Ce prix de {price} dépasse le plafond de ce soin ou appareil : demandez pourquoi.",
            en="This price of {price} is above the ceiling of this care or device: ask why.",
        ),
    ),
    Sentence(
        reasons.RATE_CARE,
        "rate.care",
        "rate",
        Text(
            fr="L'assurance obligatoire rembourse {rate} % du tarif de ces soins : {gross}.",
            en="The mandatory insurance reimburses {rate}% of the tariff of this care: {gross}.",
        ),
    ),
    Sentence(
        reasons.RATE_PREVENTION,
        "rate.prevention",
        "prevention",
        Text(
            fr="Au titre de la prévention ({prevention}), l'assurance obligatoire rembourse "
            "{rate} % du tarif : {gross}.",
            en="As prevention ({prevention}), the mandatory insurance reimburses {rate}% of the "
            "tariff: {gross}.",
        ),
    ),
    Sentence(
        reasons.PREVENTION_NOT_FOR_THIS,
        "prevention.not_for_this",
        "prevention.from_age",
        Text(
            fr="La prise en charge de prévention indiquée ({prevention}) ne vaut pas ce jour-là "
            "pour ces soins ou à cet âge : le taux ordinaire s'applique.",
            en="The prevention scheme named ({prevention}) does not hold on that day for this care "
            "or at this age: the ordinary rate applies.",
        ),
    ),
    Sentence(
        reasons.PREVENTION_SHARED,
        "prevention.shared",
        "prevention.shared",
        Text(
            fr="Pour cette prévention ({prevention}), l'assurance obligatoire garde son taux et "
            "la complémentaire paie le reste.",
            en="For this prevention ({prevention}), the mandatory insurance keeps its rate and "
            "the complementary insurance pays the rest.",
        ),
    ),
    Sentence(
        reasons.RATE_ALD,
        "rate.ald",
        "rate.ald",
        Text(
            fr="Ces soins sont en rapport avec une affection de longue durée : {rate} % du tarif, "
            "soit {gross}.",
            en="This care is related to a recognised long illness: {rate}% of the tariff, {gross}.",
        ),
    ),
    Sentence(
        reasons.RATE_MATERNITY,
        "rate.maternity",
        "rate.maternity",
        Text(
            fr="L'assurance maternité prend en charge {rate} % du tarif : {gross}.",
            en="The maternity insurance covers {rate}% of the tariff: {gross}.",
        ),
    ),
    Sentence(
        reasons.HEAVY_FLAT_SUM,
        "rate.heavy",
        "heavy.flat_sum",
        Text(
            fr="Pour un acte lourd, une somme forfaitaire de {flat_sum} remplace le ticket "
            "modérateur : l'assurance obligatoire paie {gross}.",
            en="For a heavy act, a flat sum of {flat_sum} replaces the co-payment: the mandatory "
            "insurance pays {gross}.",
        ),
    ),
    Sentence(
        reasons.RATE_AME,
        "rate.ame",
        "rate.ame",
        Text(
            fr="L'aide médicale de l'État prend en charge {rate} % du tarif : {gross}.",
            en="State medical aid covers {rate}% of the tariff: {gross}.",
        ),
    ),
    Sentence(
        reasons.RATE_MILITARY_PENSION,
        "rate.military_pension",
        "rate.military_pension",
        Text(
            fr="Une pension militaire d'invalidité porte le taux à {rate} % : {gross}.",
            en="A military disability pension raises the rate to {rate}%: {gross}.",
        ),
    ),
    Sentence(
        reasons.RATE_WORK_ACCIDENT,
        "rate.work_accident",
        "rate.work_accident",
        Text(
            fr="Pour des soins liés à un accident du travail ou à une maladie professionnelle, la "
            "branche des risques professionnels paie {rate} % du tarif : {gross}.",
            en="For care after a work accident or an occupational disease, the branch of "
            "occupational risks pays {rate}% of the tariff: {gross}.",
        ),
    ),
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
            fr="Aucun médecin traitant n'était déclaré ce jour-là : les soins comptent comme hors "
            "parcours. Déclarez-en un pour la suite.",
            en="No GP was declared on that day: the care counts as out of pathway. Declare one "
            "for the next visits.",
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
