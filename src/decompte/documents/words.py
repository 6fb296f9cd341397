"""The words that statements, letters and dossiers share, days in words, and the one-answer rule."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from decompte.errors import Lang, Problem, Refusal, Text

PARTS = ("amo", "local", "solidarity", "amc", "patient")
WORDS: Mapping[str, Text] = {
    "lines": Text(fr="Vos soins", en="Your care"),
    "parts": Text(fr="Qui paie quoi", en="Who pays what"),
    "why": Text(fr="Pourquoi ces montants", en="Why these amounts"),
    "number": Text(fr="N°", en="No."),
    "line": Text(fr="Ligne {numbers}", en="Line {numbers}"),
    "some_lines": Text(fr="Lignes {numbers}", en="Lines {numbers}"),
    "all_lines": Text(fr="Toutes les lignes", en="All lines"),
    "notes": Text(fr="À savoir", en="Good to know"),
    "kept": Text(fr="Retenu sur ce versement", en="Kept back from this payment"),
    "changed": Text(fr="Ce qui a changé", en="What changed"),
    "what": Text(fr="Quoi", en="What"),
    "before": Text(fr="Avant", en="Before"),
    "now": Text(fr="Maintenant", en="Now"),
    "caps": Text(fr="Vos plafonds de l'année", en="Your caps this year"),
    "since": Text(fr="en vigueur depuis le {day}", en="in force since {day}"),
    "total": Text(fr="Total", en="Total"),
    "law": Text(fr="version du droit : {law}", en="version of the law: {law}"),
    "amo": Text(fr="Part obligatoire", en="Mandatory part"),
    "local": Text(fr="Régime local", en="Local scheme"),
    "solidarity": Text(fr="Complémentaire solidaire", en="Solidarity cover"),
    "amc": Text(fr="Complémentaire", en="Complementary"),
    "patient": Text(fr="Reste à votre charge", en="Remains to you"),
    "checklist": Text(fr="À joindre", en="What to put in"),
    "checklist_lead": Text(
        fr="Cochez chaque pièce en la glissant dans l'enveloppe.",
        en="Tick each paper as you put it in the envelope.",
    ),
    "paper": Text(fr="Pièce", en="Paper"),
    "form": Text(fr="Original ou copie", en="Original or copy"),
    "original": Text(fr="original", en="original"),
    "copy": Text(fr="copie", en="copy"),
    "keep": Text(fr="Gardez-en une copie.", en="Keep a copy of it."),
    "cover": Text(fr="Feuille de tête", en="Cover sheet"),
    "cover_lead": Text(
        fr="Imprimez cette feuille et glissez-la derrière la lettre, devant les pièces, dans "
        "l'ordre ci-dessous. Le code permet de les classer sans erreur.",
        en="Print this sheet and put it behind the letter, before the papers, in the order below. "
        "The code lets them be filed without a mistake.",
    ),
    "cover_alt": Text(fr="Code de la demande {reference}", en="Code of the request {reference}"),
    "copy_for_you": Text(
        fr="Cette page et les suivantes sont pour vous : ne les envoyez pas.",
        en="This page and those after it are for you: do not send them.",
    ),
    "deadline": Text(fr="Jusqu'à quand", en="Until when"),
    "appointment": Text(fr="Ou sur rendez-vous", en="Or by appointment"),
    "call": Text(fr="Appelez le", en="Call"),
    "care_form": Text(fr="La feuille de soins, à vérifier", en="The care form, to check"),
    "enclosures": Text(fr="Pièces jointes :", en="Enclosures:"),
    "statement": Text(fr="Votre décompte", en="Your statement"),
    "calculation": Text(fr="Calcul du remboursement", en="Calculation of the reimbursement"),
    "advice": Text(fr="Vos démarches", en="Your procedure"),
}
MONTHS = {
    "fr": (
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


def day_in_words(day: date, lang: Lang) -> str:
    """Return a day as people write it: `12 mars 2014`, `1er mars 2014`, `12 March 2014`."""
    number = "1er" if lang == "fr" and day.day == 1 else f"{day.day}"
    return f"{number} {MONTHS[lang][day.month - 1]} {day.year}"


def words(lang: Lang) -> dict[str, str]:
    """Return the words in one language, as the templates want them."""
    return {name: word.to(lang) for name, word in WORDS.items()}


def only(documents: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the one answer that a PDF holds.

    Raises:
        Refusal: there are several.
    """
    if len(documents) != 1:
        raise Refusal(
            [
                Problem(
                    "pdf.several",
                    "--pdf",
                    Text(
                        fr="un PDF contient un seul dossier : donnez un seul fichier",
                        en="a PDF holds one answer: give one file",
                    ),
                )
            ]
        )
    return documents[0]
