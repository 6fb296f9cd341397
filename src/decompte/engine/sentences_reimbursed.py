"""Sentences on what is reimbursed: the tariff, the basket, the rate."""

from decompte.engine.sentence import Sentence
from decompte.errors import Text
from decompte.rules import reasons

REIMBURSED = (
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
        reasons.BASE_REFERENCE_TARIFF,
        "base.reference_tariff",
        "generic.reference_tariff",
        Text(
            fr="Un tarif forfaitaire de responsabilité vaut pour ce médicament ({act}) et ses "
            "génériques : le calcul part de {base}, le reste du prix ({overcharge}) est à vous.",
            en="A reference tariff holds for this medicine ({act}) and its generics: {base} is "
            "what counts, the rest of the price ({overcharge}) is yours.",
        ),
    ),
    Sentence(
        reasons.BASE_GENERIC,
        "base.generic",
        "generic.limits_base",
        Text(
            fr="Le générique a été refusé sans raison médicale : le calcul part du prix du "
            "générique le plus cher, {base} ; la différence ({overcharge}) reste à vous.",
            en="The generic was refused without a medical reason: the price of the dearest "
            "generic is what counts, {base}; the difference ({overcharge}) stays with you.",
        ),
    ),
    Sentence(
        reasons.BASE_OVERSEAS,
        "base.overseas",
        "overseas",
        Text(
            fr="Ce tarif est celui qui vaut {place}.",
            en="This tariff is the one that holds {place}.",
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
)
