"""Where a request goes: by the cover on the day of care, to an address alive when it is sent.

The decision is a table (`data/tables/routing.yaml`); here its outcome becomes an address, a call
or, where nobody here pays, nothing but the reason.
"""

from datetime import date

from decompte.errors import Problem, Refusal, Text
from decompte.procedure.agencies import CPAM, address_on, agency, cpam_of, funds_of, phone_on
from decompte.procedure.facts import facts_of
from decompte.procedure.load import data
from decompte.procedure.shapes import Affiliation, Agency, Destination, Reason, Situation
from decompte.procedure.tables import Facts, Rule, decided

INTERNATIONAL = "cpam-paris-international"
ASK_AMELI = Text(
    fr="L'adresse postale n'est pas connue ici : ameli.fr la donne par code postal, "
    "le {phone} aussi.",
    en="The postal address is not known here: ameli.fr gives it by postal code, so does {phone}.",
)
ASK_CERTIFICATE = Text(
    fr="L'adresse de cette société n'est pas connue ici : elle est sur votre attestation "
    "d'affiliation.",
    en="This society's address is not known here: it is on your proof of affiliation.",
)
ASK_WHICH = Text(
    fr="Ce département a plusieurs caisses ({funds}) : ameli.fr dit laquelle est la vôtre.",
    en="This department has several funds ({funds}): ameli.fr says which is yours.",
)


def address(agency_id: str, day: date) -> tuple[str, ...]:
    """Return the postal address of an agency, alive on a day.

    Raises:
        Refusal: nobody opens letters there on that day; the successor is named.
    """
    found = agency(agency_id)
    if found.addresses and (alive := address_on(agency_id, day)) is None:
        raise Refusal([_ended(found, day)])
    return alive.lines if found.addresses and alive else ()


def destination(situation: Situation, covered: Affiliation) -> tuple[Destination | None, Reason]:
    """Return where the request of a situation goes, and why; None when nobody here pays it."""
    rule = decided("routing", routing_facts(situation, covered), situation.on)
    agency_id = _target(rule, situation)
    if agency_id is None:
        return None, rule.reason
    return _destination(agency_id, situation, rule), rule.reason


def send_to(situation: Situation, covered: Affiliation) -> Destination | None:
    """Return where the request of a situation goes, or None when nobody here pays it.

    Raises:
        Refusal: the address is no longer alive on the day of sending.
    """
    return destination(situation, covered)[0]


def routing_facts(situation: Situation, covered: Affiliation) -> Facts:
    """Return the facts of a situation that routing, papers and deadlines look at."""
    return {
        **facts_of(situation),
        "scheme": covered.scheme,
        "must_register": covered.must_register,
    }


def _target(rule: Rule, situation: Situation) -> str | None:
    to = str(rule.then["to"])
    by_choice = {"agency": situation.agency, "agency-before": situation.agency_before}
    if to in by_choice:
        return by_choice[to]
    return to if to in {CPAM, INTERNATIONAL} else None


def _destination(agency_id: str, situation: Situation, rule: Rule) -> Destination:
    found = cpam_of(situation.residence) if agency_id == CPAM else agency(agency_id)
    phone = phone_on(situation.on) if found.phone else None
    is_by_phone = "card" in {condition.fact for condition in rule.when}
    script = Text(**data("phones")["script"]) if phone and is_by_phone else None
    bring = tuple(Text(**one) for one in data("phones")["bring"]) if script else ()
    return Destination(
        agency=found,
        lines=address(agency_id, situation.on),
        phone=phone.number if phone else None,
        script=script,
        reasons=(rule.reason, *_address_reasons(agency_id, situation.on)),
        bring=bring,
        asks=_asks(agency_id, situation, phone.number if phone else ""),
    )


def _address_reasons(agency_id: str, day: date) -> tuple[Reason, ...]:
    """Return where the address was printed, and its doubt for days on which nobody saw it."""
    found = address_on(agency_id, day)
    if found is None:
        return ()
    is_doubtful = found.doubtful_before is not None and day < found.doubtful_before
    return (found.reason if is_doubtful else found.reason._replace(doubt=None),)


def _asks(agency_id: str, situation: Situation, phone: str) -> Text | None:
    if address_on(agency_id, situation.on):
        return None
    if agency_id != CPAM:
        return ASK_CERTIFICATE
    if several := funds_of(situation.residence):
        return ASK_WHICH.fill(funds=", ".join(several))
    return ASK_AMELI.fill(phone=phone)


def _ended(found: Agency, day: date) -> Problem:
    return Problem(
        "address.ended",
        "request.on",
        Text(
            fr=f"{found.name.fr} ne reçoit plus de demandes le {day} ; "
            "adressez-vous à la CPAM de votre lieu de résidence",
            en=f"{found.name.en} takes no requests on {day}; "
            "turn to the CPAM of your place of residence",
        ),
    )
