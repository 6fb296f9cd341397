"""What the rules need to know: the law of every period as integers, and what they remember.

Amounts are cents, shares basis points, ages years, flags 0 or 1. A first index is the period, a
second one the key (cover, pathway, sector, ...) in the order that `engine.periods` declares.
A value of -1 says that nothing is in force.
"""

from typing import NamedTuple


class Law(NamedTuple):
    """The figures by period; `[period]` or `[period][key]`.

    Attributes:
        tariff: `[period][act][place][sector]`, cents; the mainland is place 0.
        act_has_participation, act_has_pathway, act_is_supplement, act_has_coefficient: `[act]`,
            flags.
        act_kind: `[act]`, index of the kind of care.
        act_is_price, act_is_heavy: `[act]`, flags: the price is the tariff; a flat sum can
            replace the co-payment.
        act_franchise: `[act]`, index of what the franchise is kept on, or -1.
        rate_of_kind: `[period][kind]`.
        kind_reasons: `[kind]`, the reason bit of its rate.
        rate_covered: `[period][cover][kind]`, the rate a cover gives, -1 when it changes nothing.
        prevention_rate: `[period][scheme][kind]`, the rate a prevention scheme gives, -1 for none.
        prevention_from_age, prevention_until_age, prevention_every: `[period][scheme]`, the ages it
            is for and the years between them; -1 for no bound.
        prevention_shared: `[period][scheme]`, flag: a complementary insurance pays its co-payment.
        ald: index of the cover that only works for care related to it.
        cover_needs_relation: `[cover]`, flag: its rate holds for care related to it only.
        cover_replaces: `[cover]`, flag: its rate stands instead of the insurance's.
        cover_reasons: `[cover]`, the reason bit of the rate it gives.
        modifier_amount, modifier_share: `[period][modifier]`, cents and shares, -1 for none.
        association_share: `[period][association code less one]`.
        ceiling: `[period][code with a ceiling]`, cents, -1 for none.
        reference_tariff_applies: `[period]`, flag: a reference tariff limits a medicine's base.
        generic_limits_base: `[period]`, flag: the price of a refused generic does.
        specialty_is_doctor: `[specialty]`, flag: a doctor, or a laboratory, whose acts bear the
            participation and know the pathway.
        heavy_threshold, heavy_flat_sum: `[period]`, cents, -1 before they existed.
        pathway_starts: `[period]`, flag.
        pathway_gp_age: `[period]`, age from which a GP is to be declared.
        pathway_within, pathway_within_without_gp: `[period][pathway]`, flags.
        pathway_excuses: `[pathway]`, flag: the way in excuses by itself (emergency, away...).
        direct_access: index of the pathway for direct access.
        direct_access_from_age, direct_access_until_age: `[period][specialty]`, -1 for none.
        penalty_points, penalty_cap: `[period]`.
        penalty_exempt, penalty_exempt_related: `[period][cover]`, flags: in any case; for
            related care.
        participation_per_act, participation_day_cap_acts, participation_year_cap: `[period]`.
        participation_minor_age: `[period]`, age from which it is kept.
        participation_exempt, participation_exempt_related: `[period][cover]`, flags: in any
            case; for related care.
        franchise_per_unit, franchise_day_cap: `[period][what it is kept on]`, cents; a day cap of
            -1 for none.
        franchise_day_by_practitioner: `[period]`, flag: the cap of a day counts each practitioner
            apart.
        franchise_year_cap, franchise_minor_age: `[period]`.
        franchise_exempt, franchise_exempt_related: `[period][cover]`, flags: in any case; for
            related care.
        local_rate: `[period][kind]`, total share that the local scheme reaches.
        solidarity_share: `[period][cover]`, share of the co-payment.
        solidarity_pays_basket: `[period][cover]`, flag: pays the 100% santé basket in full.
        imposes_tariff: `[period][cover]`, flag: no overcharge may be asked for.
        no_convention: index of the sector that no convention binds.
        psychologist: index of the kind of care whose sessions are counted.
        sessions_a_year: `[period]`, sessions, -1 for no limit.
        deferral_applies: `[period]`, flag.
        formula_copayment: `[period][formula][kind]`, share of the co-payment.
        formula_overcharge: `[period][formula][sector]`, share of the base.
        formula_flat_sum: `[period][formula][kind]`, cents a line.
        formula_year_limit: `[period][formula]`, cents of flat sums, -1 for none.
        formula_waiting: `[period][formula]`, days.
        formula_pays_basket: `[period][formula]`, 1 where it pays the 100% santé basket in full.
        formula_withheld: `[period][formula]`, cents of an overcharge left out of the pathway.
    """

    tariff: tuple[tuple[tuple[tuple[int, ...], ...], ...], ...]
    act_has_participation: tuple[int, ...]
    act_has_pathway: tuple[int, ...]
    act_is_supplement: tuple[int, ...]
    act_has_coefficient: tuple[int, ...]
    act_kind: tuple[int, ...]
    act_is_price: tuple[int, ...]
    act_is_heavy: tuple[int, ...]
    act_franchise: tuple[int, ...]
    rate_of_kind: tuple[tuple[int, ...], ...]
    kind_reasons: tuple[int, ...]
    rate_covered: tuple[tuple[tuple[int, ...], ...], ...]
    prevention_rate: tuple[tuple[tuple[int, ...], ...], ...]
    prevention_from_age: tuple[tuple[int, ...], ...]
    prevention_until_age: tuple[tuple[int, ...], ...]
    prevention_every: tuple[tuple[int, ...], ...]
    prevention_shared: tuple[tuple[int, ...], ...]
    ald: int
    cover_needs_relation: tuple[int, ...]
    cover_replaces: tuple[int, ...]
    cover_reasons: tuple[int, ...]
    modifier_amount: tuple[tuple[int, ...], ...]
    modifier_share: tuple[tuple[int, ...], ...]
    association_share: tuple[tuple[int, ...], ...]
    ceiling: tuple[tuple[int, ...], ...]
    reference_tariff_applies: tuple[int, ...]
    generic_limits_base: tuple[int, ...]
    specialty_is_doctor: tuple[int, ...]
    heavy_threshold: tuple[int, ...]
    heavy_flat_sum: tuple[int, ...]
    pathway_starts: tuple[int, ...]
    pathway_gp_age: tuple[int, ...]
    pathway_within: tuple[tuple[int, ...], ...]
    pathway_within_without_gp: tuple[tuple[int, ...], ...]
    pathway_excuses: tuple[int, ...]
    direct_access: int
    direct_access_from_age: tuple[tuple[int, ...], ...]
    direct_access_until_age: tuple[tuple[int, ...], ...]
    penalty_points: tuple[int, ...]
    penalty_cap: tuple[int, ...]
    penalty_exempt: tuple[tuple[int, ...], ...]
    penalty_exempt_related: tuple[tuple[int, ...], ...]
    participation_per_act: tuple[int, ...]
    participation_day_cap_acts: tuple[int, ...]
    participation_year_cap: tuple[int, ...]
    participation_minor_age: tuple[int, ...]
    participation_exempt: tuple[tuple[int, ...], ...]
    participation_exempt_related: tuple[tuple[int, ...], ...]
    franchise_per_unit: tuple[tuple[int, ...], ...]
    franchise_day_cap: tuple[tuple[int, ...], ...]
    franchise_day_by_practitioner: tuple[int, ...]
    franchise_year_cap: tuple[int, ...]
    franchise_minor_age: tuple[int, ...]
    franchise_exempt: tuple[tuple[int, ...], ...]
    franchise_exempt_related: tuple[tuple[int, ...], ...]
    local_rate: tuple[tuple[int, ...], ...]
    solidarity_share: tuple[tuple[int, ...], ...]
    solidarity_pays_basket: tuple[tuple[int, ...], ...]
    imposes_tariff: tuple[tuple[int, ...], ...]
    no_convention: int
    psychologist: int
    sessions_a_year: tuple[int, ...]
    deferral_applies: tuple[int, ...]
    formula_copayment: tuple[tuple[tuple[int, ...], ...], ...]
    formula_overcharge: tuple[tuple[tuple[int, ...], ...], ...]
    formula_flat_sum: tuple[tuple[tuple[int, ...], ...], ...]
    formula_year_limit: tuple[tuple[int, ...], ...]
    formula_waiting: tuple[tuple[int, ...], ...]
    formula_withheld: tuple[tuple[int, ...], ...]
    formula_pays_basket: tuple[tuple[int, ...], ...]


class Line(NamedTuple):
    """One care line as the rules see it.

    Attributes:
        act, sector, specialty, pathway, formula: indexes; formula -1 for none.
        price: cents, for the whole quantity.
        code_tariff: cents for one, of the nomenclature entry charged; -1 where none is.
        quantity: number of acts.
        coefficient: of one act, in ten-thousandths; 10 000 where the act has none.
        age: whole years on the day of care.
        age_on_1_january: whole years on the first day of the year of care.
        has_gp: flag, a GP is declared on the day of care.
        covers: mask, one bit a cover in force on the day of care.
        is_ald_related: flag.
        is_local: flag, the person belongs to the local scheme of Alsace-Moselle.
        is_third_party_payment: flag, the doctor was paid by the insurance.
        related: mask of the covers, other than a long illness, that the care is related to.
        prevention: index of the prevention scheme the care is for; -1 (the default) for none.
        modifiers: mask of the modifiers of a technical act; 0 (the default) for none.
        association: index of the code of technical acts charged together; -1 (the default) for
            none.
        insured_days: days since the complementary began; -1 where its first day is not told, and
            no waiting period counts.
        refused: reasons for which nothing is paid (out of rights, claimed too late or twice); 0 for
            a line that is computed.
        basket: of dental prostheses and devices: 0 100% santé, 1 controlled price, 2 free price;
            -1 (the default) for none.
        ceiling: index of the code whose price has a ceiling; -1 (the default) for none.
        place: index of where the practitioner works; 0 (the default) for the mainland.
        reference_tariff: cents for one box of a medicine under one; -1 (the default) for none.
        generic_price: cents for one box of the dearest generic, where the person refused one; -1
            (the default) for none.
    """

    act: int
    sector: int
    specialty: int
    pathway: int
    formula: int
    price: int
    code_tariff: int
    quantity: int
    coefficient: int
    age: int
    age_on_1_january: int
    has_gp: int
    covers: int
    is_ald_related: int
    is_local: int
    is_third_party_payment: int
    related: int = 0
    prevention: int = -1
    modifiers: int = 0
    association: int = -1
    insured_days: int = -1
    refused: int = 0
    basket: int = -1
    ceiling: int = -1
    place: int = 0
    reference_tariff: int = -1
    generic_price: int = -1


class State(NamedTuple):
    """What the rules remember from one line to the next.

    Attributes:
        kept_today: cents already kept that day on acts of this practitioner.
        kept_this_year: cents already kept from this person in the year of care.
        penalty_of_act: cents of penalty already taken, that day and by this practitioner, from
            the act that a supplement goes with.
        franchise_today: cents of franchise already kept that day on the same kind of care.
        franchise_this_year: cents of franchise already kept from this person in the year of care.
        flat_sums_this_year: cents of flat sums the formula has paid this person in the year of
            care.
        sessions_this_year: sessions with a psychologist already reimbursed in the year of care.
    """

    kept_today: int
    kept_this_year: int
    penalty_of_act: int
    franchise_today: int
    franchise_this_year: int
    flat_sums_this_year: int = 0
    sessions_this_year: int = 0
