"""What every command does with the outer world: the day, a document, a file that cannot be had."""

import json
import sys
import tomllib
from argparse import ArgumentTypeError
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

import yaml

from decompte.errors import Problem, Refusal, Text, cause

DONE, FOUND, WRONG_INPUT = 0, 1, 2
MOST_BYTES = 10_000_000


def parsed(file: str) -> object:
    """Return the document of a file in YAML, JSON or TOML; `-` is standard input.

    Text that is no Unicode, such as half a surrogate pair, is refused with the rest.

    Raises:
        Refusal: the file cannot be read, or is not in its format.
    """
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        why = cause(error)
        told = (f"lecture impossible : {why.fr}", f"cannot be read: {why.en}")
        raise unreadable(*told) from None
    if len(content) > MOST_BYTES:
        raise unreadable("fichier trop grand (10 Mo au plus)", "file too large (10 MB at most)")
    try:
        document = _loaded(content, file)
        json.dumps(document, ensure_ascii=False, default=str).encode()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = str(error).splitlines()[-1].strip() if str(error) else type(error).__name__
        raise unreadable(
            f"ni YAML, ni JSON, ni TOML valide : {where}",
            f"not valid YAML, JSON or TOML: {where}",
        ) from None
    return document


def _loaded(content: bytes, file: str) -> object:
    if file.endswith(".toml"):
        return tomllib.loads(content.decode())
    if file.endswith(".json"):
        return json.loads(content, object_pairs_hook=_no_duplicates)
    return yaml.load(content, Loader=StrictLoader)  # noqa: S506  (a safe loader)


class StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader that refuses a key written twice, and aliases, which can grow without end.

    Dates stay text: the field that holds an impossible one can then name it. Only `true` and
    `false` are truth values, as in YAML 1.2: `on` is a name, and `NO` is Norway.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, object]]]] = {
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if not tag.endswith(":timestamp") and (first in "tTfF" or not tag.endswith(":bool"))
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: yaml.Node, index: int) -> yaml.Node:
        """Refuse an alias."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        node: yaml.Node = super().compose_node(parent, index)
        return node

    def construct_mapping(
        self, node: yaml.MappingNode, *, deep: bool = False
    ) -> dict[object, object]:
        """Refuse a key written twice."""
        keys = [key.value for key, _ in node.value]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise yaml.YAMLError(f"key written twice: {', '.join(sorted(map(str, twice)))}")
        mapping: dict[object, object] = super().construct_mapping(node, deep=deep)
        return mapping


def machine_day() -> date:
    """Return the day in Paris by the machine's clock."""
    return datetime.now(tz=ZoneInfo("Europe/Paris")).date()


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        raise ValueError("a key is written twice")
    return mapping


def unreadable(fr: str, en: str) -> Refusal:
    """Return the refusal of a file that cannot be read or written, with the reason."""
    return Refusal([Problem("file.unreadable", "file", Text(fr=fr, en=en))])


def day(text: str) -> date:
    """Return a day written as 2014-03-12, for an option.

    Raises:
        ArgumentTypeError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day such as 2014-03-12") from None
