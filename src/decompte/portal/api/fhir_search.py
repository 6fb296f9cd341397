"""Search: the parameters people use, in pages; an unknown one is refused, never ignored."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import QuerySet

from decompte.exchange.fhir.capability import INCLUDES, SEARCHES
from decompte.exchange.fhir.names import Resource
from decompte.portal.api import fhir_read
from decompte.portal.api.fhir_asked import COUNT, Asked, refusal
from decompte.portal.api.fhir_read import Found
from decompte.portal.api.fhir_searchers import SEARCHERS

INCLUDE, SUMMARY = "_include", "_summary"
PAGING = ("_count", "_offset", "_format", "_pretty", SUMMARY)


def search(kind: str, asked: Asked, address: str) -> tuple[Resource, list[str]]:
    """Return a Bundle of one page, and the files it opens.

    Args:
        kind: type of the resources.
        asked: who asks for what.
        address: of the search, for its links.

    Raises:
        Refusal: an unknown parameter, or a value that is none.
    """
    _check(kind, asked)
    count, offset = asked.size, asked.offset
    rows, shown = SEARCHERS[kind](asked)
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    part = [shown(row) for row in rows[offset : offset + count]] if count else []
    along = list(_included(kind, asked, part))
    base = address.rsplit("/", 1)[0]
    bundle: Resource = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": total,
        "link": _links(asked, address, total),
    }
    entries = [_entry(base, one, "match") for one in part]
    if entries:
        bundle["entry"] = entries + [_entry(base, one, "include") for one in along]
    return bundle, [one.subject for one in (*part, *along) if one.subject]


def _check(kind: str, asked: Asked) -> None:
    known = (*SEARCHES[kind], *PAGING, *((INCLUDE,) if kind in INCLUDES else ()))
    for name in asked.parameters:
        if name not in known:
            raise refusal(
                name,
                f"paramètre inconnu ; permis : {', '.join(known)}",
                f"unknown parameter; allowed: {', '.join(known)}",
            )
    if asked.one(SUMMARY) not in {"", COUNT, "false"}:
        raise refusal(SUMMARY, "permis : count, false", "allowed: count, false")
    allowed = [f"{kind}:{name}" for name in INCLUDES.get(kind, ())]
    if set(asked.parameters.get(INCLUDE, ())) - set(allowed):
        told = ", ".join(allowed)
        raise refusal(INCLUDE, f"permis : {told}", f"allowed: {told}")


def _included(kind: str, asked: Asked, part: list[Found]) -> Iterator[Found]:
    """Yield what the resources of a page refer to, as far as it was asked for, each once."""
    names = [one.partition(":")[2] for one in asked.parameters.get(INCLUDE, ())]
    told = dict.fromkeys(
        str(one.resource[name]["reference"])
        for one in part
        for name in names
        if "reference" in one.resource.get(name, {})
    )
    for reference in told:
        of_kind, _slash, identity = reference.partition("/")
        if found := fhir_read.read(of_kind, identity, asked.client):
            yield found


def _entry(base: str, found: Found, mode: str) -> Resource:
    resource = found.resource
    full = f"{base}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": full, "resource": resource, "search": {"mode": mode}}


def _links(asked: Asked, address: str, total: int) -> list[dict[str, str]]:
    if asked.is_private:
        return [{"relation": "self", "url": address}]
    given = {name: values for name, values in asked.parameters.items() if name != "_offset"}
    count, offset = asked.size, asked.offset

    def link(relation: str, place: int) -> dict[str, str]:
        query = urlencode({**given, "_offset": [str(place)]}, doseq=True)
        return {"relation": relation, "url": f"{address}?{query}"}

    links = [link("self", offset)]
    if count and offset + count < total:
        links.append(link("next", offset + count))
    if offset:
        links.append(link("previous", max(offset - count, 0)))
    return links
