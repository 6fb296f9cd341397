"""Where a request goes: by the cover on the day of care, to an address alive when it is sent."""

from datetime import date

from decompte.errors import NotModelled, Problem, Refusal, Text
from decompte.procedure.load import agencies, data, reason
from decompte.procedure.shapes import Affiliation, Agency, Destination, Situation

SCRIPT = Text(
    fr="« Bonjour, je suis étudiant européen avec une carte européenne d'assurance maladie. "
    "Je voudrais le service des relations internationales, et un rendez-vous pour une demande "
    "de remboursement de soins. »",
    en="\"Bonjour, je suis étudiant européen avec une carte européenne d'assurance maladie. "
    'Je voudrais le service des relations internationales, et un rendez-vous." (I am a European '
    "student with a European card; the international department, please, and an appointment.)",
)


def agency(agency_id: str) -> Agency:
    """Return an agency by its id.

    Raises:
        KeyError: there is none; ids come from this room.
    """
    return agencies()[agency_id]


def address(agency_id: str, day: date) -> tuple[str, ...]:
    """Return the postal address of an agency, alive on a day.

    Raises:
        Refusal: nobody opens letters there on that day; the successor is named.
    """
    found = agencies()[agency_id]
    since, until = found.address_from or day, found.address_until or day
    if not since <= day <= until:
        raise Refusal(
            [
                Problem(
                    "address.ended",
                    "request.on",
                    Text(
                        fr=f"{found.name.fr} ne reçoit plus de demandes le {day} ; "
                        "adressez-vous à la CPAM de votre lieu de résidence",
                        en=f"{found.name.en} takes no requests on {day}; "
                        "turn to the CPAM of your place of residence",
                    ),
                )
            ]
        )
    return found.address


def send_to(situation: Situation, covered: Affiliation) -> Destination | None:
    """Return where the request of a situation goes, or None when nobody here pays it.

    Raises:
        NotModelled: the destination at that place and time is not known here.
        Refusal: the address is no longer alive on the day of sending.
    """
    gone = data("schemes")["student"]["gone"]
    if situation.on >= gone:
        return _destination("cpam", situation.on, "send.cpam")
    if "ehic" in situation.cards:
        if situation.residence not in agencies()["cpam-paris-international"].departments:
            raise NotModelled([_no_international_department(situation.residence)])
        return _destination("cpam-paris-international", situation.on, "send.european")
    if covered.scheme == "student" and situation.agency in covered.agencies:
        return _destination(situation.agency, situation.on, "send.agency")
    return None


def _destination(agency_id: str, day: date, code: str) -> Destination:
    found = agencies()[agency_id]
    script = SCRIPT if found.phone and agency_id != "cpam" else None
    return Destination(found, address(agency_id, day), found.phone, script, (reason(code),))


def _no_international_department(residence: str) -> Problem:
    return Problem(
        "address.unknown",
        "person.residence",
        Text(
            fr=f"l'adresse du service international de la CPAM de {residence} n'est pas connue "
            "ici ; appelez le 3646",
            en=f"the address of the international department of the CPAM of {residence} is not "
            "known here; call 3646",
        ),
    )
