"""The guide: the page a student reads, made from the same data that decides."""

from typing import NamedTuple

from decompte.errors import Text
from decompte.procedure.load import agencies, data, sources
from decompte.procedure.papers import kinds, paper
from decompte.procedure.shapes import Agency, RequiredPaper, Source


class Topic(NamedTuple):
    """One page of the guide, and the subject it stands under."""

    id: str
    title: Text
    under: Text


class Section(NamedTuple):
    """A heading and its paragraphs."""

    heading: Text
    paragraphs: tuple[Text, ...]


class Page(NamedTuple):
    """A topic with everything it shows.

    Attributes:
        topic: title and place.
        sections: headings and paragraphs.
        agencies: where requests go, and where to ask in person.
        papers: what to send.
        links: official pages.
    """

    topic: Topic
    sections: tuple[Section, ...]
    agencies: tuple[Agency, ...]
    papers: tuple[RequiredPaper, ...]
    links: tuple[Source, ...]


UNDER = Text(
    fr="Santé des étudiants et assurance complémentaire",
    en="Student healthcare and complementary insurance",
)
REIMBURSEMENT = Topic(
    "reimbursement-procedures",
    Text(fr="Procédures de remboursement", en="Reimbursement procedures"),
    UNDER,
)


def topics() -> tuple[Topic, ...]:
    """Return the topics of the guide, in order."""
    return (REIMBURSEMENT,)


def topic(name: str) -> Page | None:
    """Return a page of the guide by its id, or None."""
    if name != REIMBURSEMENT.id:
        return None
    return Page(
        topic=REIMBURSEMENT,
        sections=tuple(
            Section(Text(**section["heading"]), tuple(Text(**text) for text in section["texts"]))
            for section in data("guide")["sections"]
        ),
        agencies=tuple(agency for agency in agencies().values() if agency.address),
        papers=tuple(paper(kind) for kind in kinds()),
        links=tuple(sources()[name] for name in data("guide")["links"]),
    )
