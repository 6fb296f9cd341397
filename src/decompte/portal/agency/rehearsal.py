"""A bank to rehearse with: `mock-bank` holds an agency's account and answers as banks do.

For the demonstration and the tests; no money, no network, nothing kept.
"""

from datetime import date
from typing import Any

from django.conf import settings
from mockbank import accounts, outbox
from mockbank.server import Config
from mockbank.state import State

BALANCE_CENTS = 1_000_000_00
KINDS = ("pain.002", "camt.054", "camt.053")


class RehearsalBank:
    """Takes payment files, and sends what a bank sends as its days go by.

    Args:
        agency: whose account it holds.
        day: the bank's first day.
        behaviour: what it does with payments, by its own names: `accept`, `return-later`…
        parameters: of the behaviour, such as `{"days": 2, "reason": "AC04"}`.
    """

    def __init__(
        self,
        agency: str,
        day: date,
        behaviour: str = "accept",
        parameters: dict[str, object] | None = None,
    ) -> None:
        """Open the bank with the agency's account."""
        self.iban = settings.DEBTORS[agency]["iban"]
        self.state = State(
            Config(clock=f"{day.isoformat()}T08:00", timezone="Europe/Paris", quiet=True)
        )
        accounts.create(
            self.state.conn,
            agency,
            {
                "name": agency,
                "iban": self.iban,
                "balance": BALANCE_CENTS,
                "behaviour": behaviour,
                "parameters": parameters or {},
            },
        )

    def take(self, content: bytes) -> str:
        """Hand a payment file in and return its status: ACCP, PART or RJCT."""
        answer, _decision, _findings = self.state.receive(content)
        status: str = answer["status"]
        return status

    def wait(self, days: int) -> None:
        """Let days go by."""
        self.state.clock.advance(days=days)
        self.state.release()

    def answers(self, kinds: tuple[str, ...] = KINDS) -> list[bytes]:
        """Return the messages sent since the last time, oldest first."""
        sent = outbox.collect(self.state.conn, self.state.now())
        return [
            one["body"].encode()
            for one in sent
            if one["type"].startswith(kinds) and self._is_ours(one)
        ]

    def _is_ours(self, one: dict[str, Any]) -> bool:
        return one["type"].startswith("pain") or self.iban in one["body"]
