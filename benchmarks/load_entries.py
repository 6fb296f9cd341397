"""What the people of `benchmarks.load` type."""

STEP_1 = {
    "given_name": "Ana",
    "family_name": "Charge",
    "birth_date": "1993-06-15",
    "nationality": "BR",
    "address_line": "27 rue Saint-Guillaume",
    "postal_code": "75007",
    "city": "Paris",
    "study_from": "2013-09-02",
    "study_to": "2014-06-30",
    "parents": "abroad",
}
VISIT = {
    "care_date": "2014-03-12",
    "act": "G",
    "price_cents": "23,00",
    "practitioner_name": "Dr Lambert",
    "practitioner_number": "10001234567",
    "specialty": "general-practice",
    "sector": "1",
    "pathway": "declared-gp",
    "has_prescription": "on",
}
