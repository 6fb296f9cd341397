"""The page that Prometheus reads: answers by route, and what waits in the house, without people."""

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from decompte.portal.audit import services as audit
from decompte.portal.outbox import services as outbox
from decompte.portal.people.scope import system
from decompte.portal.requests import worklists


class Waiting(Collector):
    """What waits, counted at the moment of asking."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield one family a subject."""
        by_state = GaugeMetricFamily(
            "decompte_requests", "Requests by agency and state.", labels=("agency", "state")
        )
        with system("metrics"):
            for (agency, state), count in worklists.by_agency_and_state().items():
                by_state.add_metric((agency, state), count)
        yield by_state
        yield GaugeMetricFamily(
            "decompte_messages_waiting", "Messages not sent yet.", value=outbox.waiting()
        )
        yield GaugeMetricFamily(
            "decompte_events_unsealed", "Audit events not sealed yet.", value=audit.unsealed()
        )


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer whoever holds the token of the settings; to everybody else there is no such page."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise Http404
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(settings.METRICS_FOLDER))  # type: ignore[no-untyped-call]
    registry.register(Waiting())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
