"""What the loaded law is made of: sources, dated values, figures, acts."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from decompte.errors import Text

# What binds comes before what reports it.
KINDS = (
    "law",
    "decree",
    "convention",
    "order",
    "decision",
    "official-page",
    "report",
    "table",
    "press",
    "example",
)


class Source(NamedTuple):
    """A text or page, cited once.

    Attributes:
        id: name by which values cite it.
        title: what it is called.
        date: its own date, where it has one.
        kind: one of `KINDS`; `example` is the project's own.
        article: the article meant, or empty.
        journal: its place in the official journal, or empty.
        url: public address of what was seen.
    """

    id: str
    title: Text
    date: date | None
    kind: str
    article: str
    journal: str
    url: str


class Value(NamedTuple):
    """What a figure is worth from a day on.

    Attributes:
        since: first day of effect.
        amount: an integer in the figure's unit; a mapping by key; None when nothing is in force.
        sources: ids of the texts.
        confidence: high, medium or low.
        checked: day it was last compared with its source, if it was.
        note: doubts, in both languages, or history, in English; or empty.
        published: day from which it could be known, or None where it was known in time.
        withdrawn: day on which it was given up before it took effect or after, or None.
    """

    since: date
    amount: int | Mapping[str, int | None] | None
    sources: tuple[str, ...]
    confidence: str
    checked: date | None
    note: Text
    published: date | None = None
    withdrawn: date | None = None

    def is_known_on(self, day: date) -> bool:
        """Return whether the value stood in the texts as they were known on a day."""
        return (self.published is None or self.published <= day) and (
            self.withdrawn is None or day < self.withdrawn
        )

    def worth(self, key: str | None) -> int | Mapping[str, int | None] | None:
        """Return the amount for a key; without one, the amount as it stands."""
        if key is None or self.amount is None or isinstance(self.amount, int):
            return self.amount
        return self.amount.get(key)


class Figure(NamedTuple):
    """One figure of the law through time.

    Attributes:
        id: `<subject>.<name>`.
        label: what it is.
        unit: cents, basis-points, acts, years, days or flag (0 or 1).
        keys: what its values are told apart by (sector, cover, ...), or None.
        values: in order of their first day.
        file: where it stands, for messages.
    """

    id: str
    label: Text
    unit: str
    keys: str | None
    values: tuple[Value, ...]
    file: str

    def on(self, day: date) -> Value | None:
        """Return the value in force on a day, or None before the first."""
        found = None
        for value in self.values:
            if value.since > day:
                break
            found = value
        return found

    def unchanged_since(self, day: date, key: str | None) -> Value | None:
        """Return the value that brought what a key is worth on a day: the first of its run."""
        now = self.on(day)
        if now is None:
            return None
        first, worth = now, now.worth(key)
        for value in reversed(self.values):
            if value.since > day:
                continue
            if value.worth(key) != worth:
                break
            first = value
        return first


class Most(NamedTuple):
    """The most that one line of an act can charge; None where no text seen bounds it.

    Attributes:
        coefficient: in ten-thousandths.
        quantity: number of acts.
        sources: ids of the texts.
        inferred: which of the two no text says; it is the highest seen among acts of its kind.
    """

    coefficient: int | None
    quantity: int | None
    sources: tuple[str, ...]
    inferred: tuple[str, ...] = ()


class Act(NamedTuple):
    """An act of the nomenclature that this program knows.

    Attributes:
        letter: its code.
        label: what it is.
        family: consultation, visit, supplement, key-letter, technical, product or stay.
        kind: kind of care, which gives the rate: doctor, auxiliary, medicine_major...
        practitioner: general-practice, specialist, any, or the auxiliary's profession.
        specialties: the only ones that charge it, or empty for all.
        has_participation: whether the flat participation is kept on it.
        has_pathway: whether the out-of-pathway penalty can apply to it.
        has_coefficient: whether it is charged with a coefficient.
        franchise: what the franchise is kept on (paramedical, ...), or empty.
        priced: where its tariff comes from: `tariff`, a dated figure; `price`, the price paid,
            which is regulated; `code`, the nomenclature entry that was charged.
        is_heavy: whether a flat sum replaces the co-payment from a threshold on.
        prevention: the prevention schemes it exists for; empty for an act of care.
        by_others: other letters it stands for, by the profession that charges it.
        refused_with: covers under which its amount is not known here.
        until: last day it could be charged, or None.
        replaced_by: the letters, or the nomenclature, that replaced it after that day.
        most: the most a line can charge.
        ages: the first age it is for and the first it is no longer for, pair after pair; empty for
            every age.
        free_for_students: whether a university pays it, so that nothing is claimed.
        sources: ids of the texts.
    """

    letter: str
    label: Text
    family: str
    kind: str
    practitioner: str
    specialties: tuple[str, ...]
    has_participation: bool
    has_pathway: bool
    has_coefficient: bool
    franchise: str
    priced: str
    is_heavy: bool
    prevention: tuple[str, ...]
    by_others: Mapping[str, str]
    refused_with: tuple[str, ...]
    until: date | None
    replaced_by: tuple[str, ...]
    most: Most
    ages: tuple[int, ...]
    free_for_students: bool
    sources: tuple[str, ...]

    def is_for(self, age: int) -> bool:
        """Return whether the act is for people of an age, in whole years."""
        spans = zip(self.ages[::2], self.ages[1::2], strict=True)
        return not self.ages or any(first <= age < end for first, end in spans)


class Modifier(NamedTuple):
    """A modifier of the CCAM, as one kind of practitioner charges it.

    Attributes:
        key: name under which the figures hold its value.
        letter: as a bill says it.
        label: what it is for.
        specialties, sectors: of the practitioners it is so for; empty for all others.
    """

    key: str
    letter: str
    label: Text
    specialties: tuple[str, ...]
    sectors: tuple[str, ...]


class LawData(NamedTuple):
    """Everything the texts say, as loaded and checked.

    Attributes:
        figures: by id, with the values in force.
        sources: by id.
        acts: by letter.
        specialties: labels by name.
        places: labels by name, as they stand in a sentence; the mainland first.
        modifiers: of the CCAM, by key; for one letter the first that fits the practitioner.
        digest: SHA-256 of the files it was read from, in hexadecimal.
        told: figures by id, with every value ever published, those given up included.
    """

    figures: Mapping[str, Figure]
    sources: Mapping[str, Source]
    acts: Mapping[str, Act]
    specialties: Mapping[str, Text]
    places: Mapping[str, Text]
    modifiers: Mapping[str, Modifier]
    digest: str
    told: Mapping[str, Figure]
