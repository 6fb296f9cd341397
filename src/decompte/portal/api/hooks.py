"""Webhooks: what happened is told to a program's address, signed, until it is acknowledged.

The audit trail is written in the transaction of each change; deliveries are planned from it, one
row an event and address, so that nothing is lost and nothing is planned twice. An event says what
and which id, never whose or how much: the program reads the rest with its token.

The signature is the one of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`.
"""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import httpx
from django.db.models import F, Q

from decompte.portal import clock
from decompte.portal.api import addresses, tokens
from decompte.portal.api.models import Client, Delivery, Handover, Kind, Subscription
from decompte.portal.audit import services as audit

CODES = ("request.", "registration.confirmed", "decision.", "payment.", "batch.")
WAITS = (10, 60, 300, 1800, 7200, 21_600, 43_200, 86_400)
SETTLED = timedelta(hours=1)
KEPT = timedelta(days=90)
SECONDS = 10.0
OK = range(200, 300)


def subscribe(client: Client, url: str) -> Subscription:
    """Tell an address of a client what happens from now on.

    Raises:
        Refusal: it is no https address (http only to this machine, in the demonstration).
    """
    return Subscription.objects.create(
        client=client,
        url=addresses.checked(url, "webhook"),
        codes=list(CODES),
        after_event=audit.last_event(),
        created_at=clock.now(),
    )


def plan() -> int:
    """Write a delivery for each new event and address; return how many. Safe to repeat."""
    planned = 0
    for subscription in _live():
        events = audit.events_after(
            subscription.after_event, agency=subscription.client.agency, codes=subscription.codes
        )
        wanted = [event for event in events if _concerns(subscription.client, event.subject)]
        before = Delivery.objects.filter(subscription=subscription).count()
        Delivery.objects.bulk_create(
            [
                Delivery(
                    subscription=subscription,
                    event=event.pk,
                    code=event.code,
                    subject=event.subject,
                    happened_at=event.at,
                    due_at=clock.now(),
                )
                for event in wanted
            ],
            ignore_conflicts=True,
        )
        planned += Delivery.objects.filter(subscription=subscription).count() - before
        _advance(subscription, events)
    return planned


def deliver(transport: httpx.BaseTransport | None = None) -> int:
    """Send what is due, oldest first; return how many were acknowledged."""
    due = Delivery.objects.filter(
        delivered_at__isnull=True, due_at__lte=clock.now(), attempts__lt=len(WAITS)
    ).select_related("subscription__client")
    sent = 0
    with httpx.Client(transport=transport, timeout=SECONDS, follow_redirects=False) as http:
        for delivery in due.order_by("due_at", "id")[:500]:
            sent += _send(http, delivery)
    return sent


def deliveries(client: Client) -> Any:
    """Return what a client was told, or will be, newest first."""
    return Delivery.objects.filter(subscription__client_id=client.pk).order_by("-id")


def forget() -> int:
    """Take away what was told, or given up, long ago; return how many.

    A row that its subscription may still plan again stays: it is what keeps it from being told
    twice.
    """
    over = Q(delivered_at__isnull=False) | Q(attempts__gte=len(WAITS))
    old = Delivery.objects.filter(over, happened_at__lt=clock.now() - KEPT)
    return old.filter(event__lte=F("subscription__after_event")).delete()[0]


def signature(secret: str, delivery_id: str, at: int, body: bytes) -> str:
    """Return the signature of a message, as its header carries it."""
    signed = f"{delivery_id}.{at}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _live() -> list[Subscription]:
    return list(
        Subscription.objects.filter(
            ended_at__isnull=True, client__revoked_at__isnull=True
        ).select_related("client")
    )


def _concerns(client: Client, subject: str) -> bool:
    if client.kind != Kind.SCHOOL:
        return True
    kind, _colon, public_id = subject.partition(":")
    return (
        kind == "registration"
        and Handover.objects.filter(client=client, registration=public_id).exists()
    )


def _advance(subscription: Subscription, events: list[Any]) -> None:
    """Leave behind the events that no running transaction can still come before."""
    old = [event.pk for event in events if event.at < clock.now() - SETTLED]
    if old:
        Subscription.objects.filter(pk=subscription.pk).update(after_event=max(old))


def _send(http: httpx.Client, delivery: Delivery) -> int:
    client = delivery.subscription.client
    at = clock.machine_seconds()
    body = json.dumps(
        {
            "type": delivery.code,
            "timestamp": _written(delivery.happened_at),
            "data": {"subject": delivery.subject},
        }
    ).encode()
    secret = tokens.signing_secret(client).reveal()
    headers = {
        "Content-Type": "application/json",
        "webhook-id": delivery.public_id,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(secret, delivery.public_id, at, body),
    }
    try:
        status = http.post(delivery.subscription.url, content=body, headers=headers).status_code
        error = "" if status in OK else f"status {status}"
    except httpx.HTTPError as failed:
        error = type(failed).__name__
    _told(delivery, error)
    return int(not error)


def _told(delivery: Delivery, error: str) -> None:
    delivery.attempts += 1
    delivery.last_error = error
    if error:
        wait = WAITS[min(delivery.attempts, len(WAITS)) - 1]
        delivery.due_at = clock.now() + timedelta(seconds=wait)
    else:
        delivery.delivered_at = clock.now()
    delivery.save()


def _written(moment: datetime) -> str:
    return moment.isoformat()
