"""Filters of the templates say things as the reader writes them."""

import pytest
from django.utils import translation

from decompte.portal.people.templatetags import words

pytestmark = pytest.mark.one_database
NARROW, WIDE = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("name", "said", "french", "english"),
    [
        ("number", 13350, f"13{NARROW}350", "13,350"),
        ("short", 200_000, f"200{WIDE}k", "200K"),
        ("short", 500, "500", "500"),
        ("colon", "Acte", f"Acte{WIDE}:", "Acte:"),
        ("agency", "lmde", "LMDE", "LMDE"),
        ("agency", "school:sciences-po", "school:sciences-po", "school:sciences-po"),
    ],
)
def test_a_filter_writes_as_the_reader_does(name, said, french, english):
    for language, written in (("fr", french), ("en", english)):
        with translation.override(language):
            assert getattr(words, name)(said) == written
