"""The schools: one data file each, with its place, its steps and its own notes."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from decompte.errors import Text
from decompte.procedure.load import FOLDER, cited, data
from decompte.procedure.shapes import Source

FOLDER_OF_SCHOOLS = FOLDER / "establishments"
ANY = "any"


class Note(NamedTuple):
    """Something a school adds, on the insurance years for which it is true."""

    text: Text
    since: date | None
    until: date | None
    sources: tuple[Source, ...]


class Establishment(NamedTuple):
    """A school.

    Attributes:
        id, name: who it is.
        residence: department that decides the regional society and the CPAM.
        step_of_complementary: step of the online registration in which a complementary is bought;
            None when the school has no steps.
        notes: what it adds.
    """

    id: str
    name: Text
    residence: str
    step_of_complementary: int | None
    notes: tuple[Note, ...]


@lru_cache(maxsize=1)
def establishments() -> Mapping[str, Establishment]:
    """Return the schools by id; the one that stands for any school comes last."""
    names = sorted(path.stem for path in FOLDER_OF_SCHOOLS.glob("*.yaml"))
    ordered = [name for name in names if name != ANY] + [ANY]
    return {name: _establishment(name, data(f"establishments/{name}")) for name in ordered}


def _establishment(name: str, entry: Mapping[str, Any]) -> Establishment:
    where = f"establishments/{name}.yaml"
    cited(entry, where)
    return Establishment(
        id=name,
        name=Text(**entry["name"]),
        residence=entry["residence"],
        step_of_complementary=entry["registration"].get("step_of_complementary"),
        notes=tuple(
            Note(Text(**note["text"]), note.get("from"), note.get("until"), cited(note, where))
            for note in entry["notes"]
        ),
    )
