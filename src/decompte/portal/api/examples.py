"""A body for each operation that takes one: shown in the description, right when sent as it is."""

from typing import Any

LINE = {
    "date": "2014-03-12",
    "act": "G",
    "price": "23.00",
    "pathway": "declared-gp",
    "practitioner_name": "Dr Lambert",
    "practitioner": {"specialty": "general-practice", "sector": "1", "id": "10001234567"},
}
CASE = {
    "person": {"birth_date": "1993-06-15", "declared_gp_since": "2013-10-01"},
    "lines": [{"date": "2014-03-12", "act": "G", "price": "23.00", "pathway": "declared-gp"}],
}
STUDY = {"from": "2013-09-02", "to": "2014-06-30"}
SITUATION = {
    "person": {
        "birth_date": "1994-05-02",
        "nationality": "ES",
        "residence": "FR-75",
        "cards": ["ehic"],
        "parents": {"scheme": "abroad"},
    },
    "study": STUDY,
    "request": {"care_date": "2014-03-12", "on": "2014-03-20"},
}
IDENTITY = {
    "given_name": "Noa",
    "family_name": "Berg",
    "birth_date": "1993-06-15",
    "nationality": "US",
    "address_line": "27 rue Saint-Guillaume",
    "postal_code": "75007",
    "city": "Paris",
}
REGISTRATION = {"study": STUDY, "situation": {"parents": {"scheme": "abroad"}}}
PAPER = {"kind": "care-form", "file_name": "care-form.jpg"}
EXAMPLES: dict[str, dict[str, Any]] = {
    "reimburse": CASE,
    "advise": SITUATION,
    "hand_over": {
        "identity": IDENTITY,
        "registration": REGISTRATION,
        "return_address": "https://school.example/back",
        "state": "dossier-42",
    },
    "save_identity": IDENTITY,
    "set_bank": {"holder": "Noa Berg", "iban": "FR1420041010050500013M02606"},
    "declare_gp": {
        "doctor_name": "Dr Lambert",
        "doctor_number": "10001234567",
        "since": "2013-10-15",
    },
    "add_card": {
        "country": "DE",
        "expires_on": "2014-12-31",
        "institution": "104212505 - AOK",
        "personal_number": "A123456780",
        "card_number": "80276001234567890123",
    },
    "begin": REGISTRATION,
    "choose": {"agency": "lmde", "complementary": ""},
    "begin_request": LINE,
    "add_line": LINE,
    "change_line": LINE,
    "add_paper": PAPER | {"content": "/9j/4AAQSkZJRg=="},
    "begin_upload": PAPER | {"size": 250_000},
    "send_back": {"note": "The care form is not signed."},
    "arrived": {"papers": ["care-form", "bank-details"]},
    "judge": {"accept": False, "words": "It cannot be read."},
}
