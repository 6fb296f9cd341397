"""The usual student of the procedure tests, and changes to them."""

from datetime import date

from decompte.exchange import situation as situations
from decompte.procedure.advise import advise

TODAY = date(2026, 11, 24)


def document(person=None, study=None, choice=None, request=None):
    """Return a situation document: an American of 20 in Paris in 2013-14, with a claim at LMDE."""
    return {
        "person": {
            "birth_date": "1993-05-02",
            "nationality": "US",
            "residence": "FR-75",
            "parents": {"scheme": "abroad"},
            **(person or {}),
        },
        "study": {"from": "2013-09-02", "to": "2014-06-30", **(study or {})},
        "choice": {"agency": "lmde", **(choice or {})},
        "request": {"care_date": "2014-03-12", "on": "2014-03-20", **(request or {})},
    }


def situation(**parts):
    """Return the situation of a changed document."""
    return situations.read(document(**parts), today=TODAY)


def advised(**parts):
    """Return the advice for a changed document."""
    return advise(situation(**parts))
