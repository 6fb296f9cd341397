"""Reads the dated figures of the law and their sources; what is incomplete does not load.

A figure without unit, label or source, dates out of order, an unknown key or source: the program
stops with the file and the name, because an amount computed from a doubtful file would be worse
than no amount.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from decompte.errors import FiguresError, Text
from decompte.law.shapes import KINDS, Act, Figure, LawData, Modifier, Most, Source, Value

FOLDER = Path(__file__).parent
UNITS = {"cents", "basis-points", "acts", "years", "days", "flag"}
KEYS = {"sector", "cover", "pathway", "specialty", "formula", "kind", "franchise", "prevention"}
KEYS |= {"modifier", "association", "code", "place"}
CONFIDENCES = {"high", "medium", "low"}
FAMILIES = {"consultation", "visit", "supplement", "key-letter", "technical", "product", "stay"}
KINDS_OF_CARE = (
    "doctor",
    "auxiliary",
    "midwife",
    "dentist",
    "orthodontics",
    "biology",
    "medicine_major",
    "medicine_important",
    "medicine_moderate",
    "medicine_low",
    "dispensing",
    "dispensing_complex",
    "device",
    "transport",
    "psychologist",
    "hospital",
    "daily_charge",
    "emergency_fee",
    "not_reimbursed",
)
PREVENTIONS = (
    "contraception",
    "emergency-contraception",
    "condoms",
    "sexual-health",
    "abortion",
    "hiv-test",
    "sti-test",
    "vaccine-mmr",
    "vaccine-flu",
    "cervical-screening",
    "breast-screening",
    "dental",
    "checkup-18",
    "checkup-45",
    "checkup-60",
    "checkup-70",
    "child-examination",
)
FRANCHISES = ("paramedical", "medicine", "transport")
ASSOCIATIONS = ("1", "2", "3", "4", "5")
PRICED = ("tariff", "price", "code")
ONE = 10_000
OF_A_VALUE = {
    "from",
    "value",
    "sources",
    "confidence",
    "checked",
    "note",
    "published",
    "withdrawn",
}
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@lru_cache(maxsize=1)
def law() -> LawData:
    """Return the law of this program, read once.

    Raises:
        FiguresError: a file is incomplete or contradictory.
    """
    return read(FOLDER)


def read(folder: Path) -> LawData:
    """Return the law that stands in a folder laid out like this room.

    Raises:
        FiguresError: a file is incomplete or contradictory; the message names file and entry.
    """
    paths = sorted(folder.rglob("*.yaml"))
    digest = hashlib.sha256()
    documents: dict[str, Any] = {}
    for path in paths:
        content = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        digest.update(name.encode() + b"\0" + content + b"\0")
        documents[name] = _parsed(content, name)
    sources = {name: _source(name, entry) for name, entry in documents.pop("sources.yaml").items()}
    specialties = {
        name: _text(entry.get("label"), f"specialties.yaml: {name}")
        for name, entry in documents.pop("specialties.yaml").items()
    }
    places = {
        name: _text(entry.get("label"), f"places.yaml: {name}")
        for name, entry in documents.pop("places.yaml").items()
    }
    modifiers = {
        key: _modifier(key, entry, specialties)
        for key, entry in documents.pop("modifiers.yaml").items()
    }
    acts = {
        letter: _act(letter, entry, sources) for letter, entry in documents.pop("acts.yaml").items()
    }
    told = _once(
        figure
        for name, document in documents.items()
        for figure in _figures(name, document, sources)
    )
    figures = {name: _in_force(figure) for name, figure in told.items()}
    return LawData(figures, sources, acts, specialties, places, modifiers, digest.hexdigest(), told)


def _once(figures: Iterator[Figure]) -> dict[str, Figure]:
    told: dict[str, Figure] = {}
    for figure in figures:
        if figure.id in told:
            raise FiguresError(f"{figure.file}: {figure.id} stands in {told[figure.id].file} too")
        told[figure.id] = figure
    return told


def _in_force(figure: Figure) -> Figure:
    values = tuple(value for value in figure.values if value.withdrawn is None)
    return figure if values == figure.values else figure._replace(values=values)


def _parsed(content: bytes, name: str) -> Any:  # noqa: ANN401  (YAML has no type)
    try:
        return yaml.load(content, Loader=Loader)  # noqa: S506  (a safe loader, in C where built)
    except yaml.YAMLError as error:
        raise FiguresError(f"{name}: not YAML: {error}") from error


def _text(entry: object, where: str) -> Text:
    if not isinstance(entry, Mapping) or set(entry) != {"fr", "en"}:
        raise FiguresError(f"{where}: a text needs exactly `fr` and `en`")
    return Text(fr=str(entry["fr"]), en=str(entry["en"]))


def _source(name: str, entry: Mapping[str, Any]) -> Source:
    where = f"sources.yaml: {name}"
    unknown = set(entry) - {"title", "date", "kind", "article", "journal", "url", "note"}
    if unknown:
        raise FiguresError(f"{where}: unknown {sorted(unknown)}")
    for needed in ("title", "kind"):
        if not entry.get(needed):
            raise FiguresError(f"{where}: `{needed}` is missing")
    if entry["kind"] not in KINDS:
        raise FiguresError(f"{where}: `kind` is one of {list(KINDS)}")
    if not entry.get("url") and entry["kind"] != "example":
        raise FiguresError(f"{where}: a public address (`url`) is missing")
    return Source(
        id=name,
        title=_text(entry["title"], where),
        date=entry.get("date"),
        kind=entry["kind"],
        article=str(entry.get("article", "")),
        journal=str(entry.get("journal", "")),
        url=entry.get("url") or "",
    )


def _modifier(key: str, entry: Mapping[str, Any], specialties: Mapping[str, Text]) -> Modifier:
    where = f"modifiers.yaml: {key}"
    if not entry.get("letter"):
        raise FiguresError(f"{where}: `letter` is missing")
    if stray := set(entry.get("specialties", ())) - set(specialties):
        raise FiguresError(f"{where}: unknown specialties {sorted(stray)}")
    return Modifier(
        key=key,
        letter=entry["letter"],
        label=_text(entry.get("label"), where),
        specialties=tuple(entry.get("specialties", ())),
        sectors=tuple(entry.get("sectors", ())),
    )


def _act(letter: str, entry: Mapping[str, Any], sources: Mapping[str, Source]) -> Act:
    where = f"acts.yaml: {letter}"
    if entry.get("family") not in FAMILIES:
        raise FiguresError(f"{where}: `family` is one of {sorted(FAMILIES)}")
    if entry.get("kind", "doctor") not in KINDS_OF_CARE:
        raise FiguresError(f"{where}: `kind` is one of {list(KINDS_OF_CARE)}")
    if entry.get("franchise", FRANCHISES[0]) not in FRANCHISES:
        raise FiguresError(f"{where}: `franchise` is one of {list(FRANCHISES)}")
    if set(entry.get("prevention", ())) - set(PREVENTIONS):
        raise FiguresError(f"{where}: `prevention` is out of {list(PREVENTIONS)}")
    if entry.get("priced", PRICED[0]) not in PRICED:
        raise FiguresError(f"{where}: `priced` is one of {list(PRICED)}")
    if bool(entry.get("until")) != bool(entry.get("replaced_by")):
        raise FiguresError(f"{where}: `until` and `replaced_by` go together")
    for needed in ("practitioner", "participation", "pathway"):
        if needed not in entry:
            raise FiguresError(f"{where}: `{needed}` is missing")
    return Act(
        letter=letter,
        label=_text(entry.get("label"), where),
        family=entry["family"],
        kind=entry.get("kind", "doctor"),
        practitioner=entry["practitioner"],
        specialties=tuple(entry.get("specialties", ())),
        has_participation=bool(entry["participation"]),
        has_pathway=bool(entry["pathway"]),
        has_coefficient=bool(entry.get("coefficient", False)),
        franchise=entry.get("franchise", ""),
        priced=entry.get("priced", PRICED[0]),
        is_heavy=bool(entry.get("heavy", False)),
        prevention=tuple(entry.get("prevention", ())),
        by_others=dict(entry.get("by_others", {})),
        refused_with=tuple(entry.get("refused_with", ())),
        until=entry.get("until"),
        replaced_by=tuple(entry.get("replaced_by", ())),
        most=_most(entry.get("most"), sources, where),
        ages=tuple(entry.get("ages", ())),
        free_for_students=bool(entry.get("free_for_students", False)),
        sources=_cited(entry.get("sources"), sources, where),
    )


def _most(entry: Any, sources: Mapping[str, Source], where: str) -> Most:  # noqa: ANN401
    if entry is None:
        return Most(None, None, ())
    bounds = {name: entry[name] for name in ("coefficient", "quantity") if name in entry}
    inferred = tuple(entry.get("inferred", ()))
    if not bounds or set(entry) - {*bounds, "sources", "inferred"} or set(inferred) - set(bounds):
        raise FiguresError(
            f"{where}: `most` holds `coefficient` or `quantity`, `sources`, and which is `inferred`"
        )
    for name, most in bounds.items():
        kinds = (int, float) if name == "coefficient" else (int,)
        if isinstance(most, bool) or not isinstance(most, kinds) or most < 1:
            raise FiguresError(f"{where}: {most!r} is no bound of the {name}: a number from 1")
    coefficient = bounds.get("coefficient")
    return Most(
        None if coefficient is None else round(coefficient * ONE),
        bounds.get("quantity"),
        _cited(entry.get("sources"), sources, f"{where}: `most`"),
        inferred,
    )


def _figures(name: str, document: Any, sources: Mapping[str, Source]) -> Iterator[Figure]:  # noqa: ANN401
    if not isinstance(document, Mapping) or set(document) != {"title", "figures"}:
        raise FiguresError(f"{name}: a figure file holds exactly `title` and `figures`")
    _text(document["title"], name)
    subject = "tariff" if "/tariffs/" in name else Path(name).stem
    for figure_name, entry in document["figures"].items():
        yield _figure(f"{subject}.{figure_name}", entry, name, sources)


def _figure(
    figure_id: str, entry: Mapping[str, Any], file: str, sources: Mapping[str, Source]
) -> Figure:
    where = f"{file}: {figure_id}"
    if entry.get("unit") not in UNITS:
        raise FiguresError(f"{where}: `unit` is one of {sorted(UNITS)}")
    keys = entry.get("keys")
    if keys is not None and keys not in KEYS:
        raise FiguresError(f"{where}: `keys` is one of {sorted(KEYS)}")
    values = tuple(_value(value, where, sources) for value in entry.get("values") or ())
    if not values:
        raise FiguresError(f"{where}: no value")
    _check_days(values, where)
    _check_keys(keys, values, where)
    return Figure(figure_id, _text(entry.get("label"), where), entry["unit"], keys, values, file)


def _check_days(values: tuple[Value, ...], where: str) -> None:
    days = [value.since for value in values if value.withdrawn is None]
    told = [value.since for value in values]
    if not days or told != sorted(told) or any(end <= start for start, end in pairwise(days)):
        raise FiguresError(f"{where}: the days of effect are not in ascending order")
    for value in values:
        if value.withdrawn and (value.published is None or value.withdrawn <= value.published):
            raise FiguresError(
                f"{where}: the value of {value.since} is withdrawn, it needs an earlier `published`"
            )


def _check_keys(keys: str | None, values: tuple[Value, ...], where: str) -> None:
    shapes = set()
    for value in values:
        if isinstance(value.amount, Mapping):
            shapes.add(frozenset(value.amount))
        elif value.amount is not None and keys is not None:
            raise FiguresError(f"{where}: the value of {value.since} is not by {keys}")
    if keys is None and shapes:
        raise FiguresError(f"{where}: values by key need `keys`")
    if len(shapes) > 1:
        raise FiguresError(f"{where}: the keys are not the same in every value")


def _value(entry: Mapping[str, Any], where: str, sources: Mapping[str, Source]) -> Value:
    if unknown := set(entry) - OF_A_VALUE:
        raise FiguresError(f"{where}: unknown {sorted(unknown)}")
    since = entry.get("from")
    if not isinstance(since, date):
        raise FiguresError(f"{where}: a value begins on a day (`from: 2005-01-01`)")
    for name in ("published", "withdrawn"):
        if not isinstance(entry.get(name, since), date):
            raise FiguresError(f"{where}: `{name}` of {since} is a day")
    if "value" not in entry:
        raise FiguresError(f"{where}: the value of {since} is missing (null ends a figure)")
    amount = entry["value"]
    if isinstance(amount, Mapping):
        amount = {str(key): number for key, number in amount.items()}
    for number in amount.values() if isinstance(amount, Mapping) else (amount,):
        if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
            raise FiguresError(f"{where}: {number!r} of {since} is not an integer")
    if entry.get("confidence") not in CONFIDENCES:
        raise FiguresError(f"{where}: `confidence` of {since} is one of {sorted(CONFIDENCES)}")
    return Value(
        since=since,
        amount=amount,
        sources=_cited(entry.get("sources"), sources, f"{where} of {since}"),
        confidence=entry["confidence"],
        checked=entry.get("checked"),
        note=_note(entry, f"{where} of {since}"),
        published=entry.get("published"),
        withdrawn=entry.get("withdrawn"),
    )


def _note(entry: Mapping[str, Any], where: str) -> Text:
    """Return what is to be said of a value; doubts are told to people, so in both languages."""
    note = entry.get("note", "")
    if isinstance(note, Mapping):
        return _text(note, f"{where}: `note`")
    if note and entry["confidence"] == "low":
        raise FiguresError(f"{where}: the `note` of a doubtful value needs `fr` and `en`")
    return Text(fr=str(note).strip(), en=str(note).strip())


def _cited(ids: object, sources: Mapping[str, Source], where: str) -> tuple[str, ...]:
    if not isinstance(ids, list) or not ids:
        raise FiguresError(f"{where}: no source")
    for name in ids:
        if name not in sources:
            raise FiguresError(f"{where}: source {name!r} is not in sources.yaml")
    return tuple(ids)
