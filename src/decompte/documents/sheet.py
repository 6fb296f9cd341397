"""A sheet that prepares a form, as PDF/UA; it says on top that it is not the official form."""

from collections.abc import Mapping
from datetime import date

from decompte.documents.typeset import typeset
from decompte.documents.words import day_in_words
from decompte.errors import Lang, Text
from decompte.procedure.sheets import SIGNATURE, WHO, Sheet, SheetField

NOT_OFFICIAL = Text(
    fr="Ceci n'est pas le formulaire officiel. Aucune caisse ne le rembourse ni ne l'enregistre.",
    en="This is not the official form. No fund reimburses or registers it.",
)
DAYS = frozenset({"day", "adult"})


def sheet_pdf(sheet: Sheet, told: Mapping[str, str], *, lang: Lang, day: date) -> bytes:
    """Return a sheet filled with what is known; the rest is left as lines to write on.

    Args:
        sheet: which form it prepares.
        told: what is known, by field id; a signature stays a line to sign.
        lang: language of the sheet.
        day: day of the sheet.
    """
    data = {
        "lang": lang,
        "title": sheet.name.to(lang),
        "footer": f"Décompte · {NOT_OFFICIAL.to(lang)}",
        "warning": NOT_OFFICIAL.to(lang),
        "official": sheet.official.to(lang),
        "day": day_in_words(day, lang),
        "groups": [
            {
                "heading": WHO[who].to(lang),
                "fields": [
                    {
                        "label": field.label.to(lang),
                        "value": _shown(field, told, lang),
                        "is_signature": field.check == SIGNATURE,
                    }
                    for field in sheet.fields
                    if (field.who == "doctor") is (who == "doctor")
                ],
            }
            for who in ("patient", "doctor")
        ],
    }
    return typeset("sheet", data, day=day)


def _shown(field: SheetField, told: Mapping[str, str], lang: Lang) -> str:
    value = told.get(field.id, "")
    if field.check == SIGNATURE or not value:
        return ""
    if field.check in DAYS:
        return day_in_words(date.fromisoformat(value), lang)
    return value
