"""Calls `/api/v1`: one method an operation, typed answers, problems as exceptions.

A POST carries an idempotency key made here, so that a call whose answer was lost on the way is
sent again without a second effect.

    with Decompte("http://127.0.0.1:8000", token) as decompte:
        print(decompte.reimburse(case)["totals"]["amo"])
"""

import uuid
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, cast

import httpx

from decompte.client.shapes import (
    Decision,
    Done,
    Handover,
    Registration,
    Request,
    Settlement,
    Summary,
    Who,
)

Json = dict[str, Any]
FIRST_ERROR = 400
PIECE_BYTES = 1_000_000
PAGE = 100
TRIES = 3
SECONDS = 30.0


class CallError(Exception):
    """A call that was refused.

    Attributes:
        status: of the answer.
        problem: its RFC 9457 document; `errors` names every field that is wrong.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        """Keep status and document."""
        self.status = status
        self.problem = problem
        super().__init__(f"{status}: {problem.get('detail', '')}")


class Decompte:
    """One instance of Décompte, on whose behalf the token says."""

    def __init__(
        self,
        address: str,
        token: str = "",
        *,
        lang: str = "en",
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Open the connection; without a token only `reimburse` and `advise` answer."""
        headers = {"Accept-Language": lang}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._http = httpx.Client(
            base_url=f"{address.rstrip('/')}/api/v1",
            headers=headers,
            transport=transport,
            timeout=SECONDS,
        )

    def __enter__(self) -> "Decompte":
        """Return the client itself."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self._http.close()

    def reimburse(self, case: Mapping[str, Any]) -> Settlement:
        """Return what is paid for a case, and why."""
        return cast("Settlement", self._json("POST", "/reimburse", json=case))

    def advise(self, situation: Mapping[str, Any]) -> dict[str, Any]:
        """Return who covers a student, where to send what, until when."""
        return self._json("POST", "/advise", json=situation)

    def who(self) -> Who:
        """Return whom the token acts for."""
        return cast("Who", self._json("GET", "/me"))

    def save_identity(self, identity: Mapping[str, Any]) -> dict[str, Any]:
        """Give or correct the member's identity."""
        return self._json("PUT", "/me/identity", json=identity)

    def set_bank_account(self, *, holder: str, iban: str) -> dict[str, Any]:
        """Use a bank account from now on."""
        body = {"holder": holder, "iban": iban}
        return self._json("PUT", "/me/bank-account", json=body)

    def declare_gp(self, *, name: str, number: str, since: str) -> dict[str, Any]:
        """Declare a GP from a day on."""
        body = {"doctor_name": name, "doctor_number": number, "since": since}
        return self._json("POST", "/me/gp-declarations", json=body)

    def register(self, said: Mapping[str, Any], *, agency: str, complementary: str) -> Registration:
        """Answer step 1 and choose in step 2; `confirm` it once the bank account is given."""
        begun = cast("Registration", self._json("POST", "/registrations", json=said))
        body = {"agency": agency, "complementary": complementary}
        path = f"/registrations/{begun['id']}/choice"
        return cast("Registration", self._json("PUT", path, json=body))

    def confirm(self, registration_id: str) -> Registration:
        """Confirm a registration."""
        path = f"/registrations/{registration_id}/confirm"
        return cast("Registration", self._json("POST", path))

    def hand_over(self, given: Mapping[str, Any]) -> Handover:
        """Hand a student over to Décompte for step 2."""
        return cast("Handover", self._json("POST", "/handovers", json=given))

    def handover(self, handover_id: str) -> Handover:
        """Return how far a hand-over is."""
        return cast("Handover", self._json("GET", f"/handovers/{handover_id}"))

    def begin_request(self, line: Mapping[str, Any]) -> Request:
        """Begin a draft with its first act."""
        return cast("Request", self._json("POST", "/requests", json=line))

    def request(self, request_id: str) -> Request:
        """Return a request."""
        return cast("Request", self._json("GET", f"/requests/{request_id}"))

    def requests(self, *, state: str | None = None) -> Iterator[Summary]:
        """Yield the requests, newest first, page by page."""
        yield from self._pages("/requests", {"state": state} if state else {})

    def work_list(self, name: str = "review") -> Iterator[Summary]:
        """Yield what waits in a work list of the agency, longest waiting first."""
        yield from self._pages(f"/work-lists/{name}", {})

    def add_paper(self, request_id: str, *, kind: str, name: str, data: bytes) -> str:
        """Send a paper in pieces, going on where a lost connection stopped; return its id."""
        body = {"kind": kind, "file_name": name, "size": len(data)}
        upload = self._json("POST", f"/requests/{request_id}/uploads", json=body)
        path = f"/uploads/{upload['id']}"
        while not upload["paper"]:
            start = upload["received"]
            upload = self._piece(path, start, data[start : start + PIECE_BYTES])
        return str(upload["paper"])

    def submit(self, request_id: str) -> Done:
        """Send a request to the agency."""
        return cast("Done", self._json("POST", f"/requests/{request_id}/submit"))

    def settle(
        self, request_id: str, *, version: int | None = None, is_compared: bool = False
    ) -> Done:
        """Accept the papers, decide, order the payment, as the agency.

        Args:
            request_id: which request.
            version: the version that was looked at; another one is refused.
            is_compared: a person put it beside the requests with the very same care.
        """
        headers = {} if version is None else {"If-Match": f'"v{version}"'}
        path = f"/requests/{request_id}/settle"
        said = {"compared": "true"} if is_compared else {}
        return cast("Done", self._json("POST", path, headers=headers, params=said))

    def send_back(self, request_id: str, note: str) -> Done:
        """Send a request back with what is missing, as the agency."""
        path = f"/requests/{request_id}/send-back"
        return cast("Done", self._json("POST", path, json={"note": note}))

    def decision(self, decision_id: str) -> Decision:
        """Return a decision with every cent and its reason."""
        return cast("Decision", self._json("GET", f"/decisions/{decision_id}"))

    def statement(self, decision_id: str) -> bytes:
        """Return the statement of a decision as PDF."""
        return self._call("GET", f"/decisions/{decision_id}/statement.pdf").content

    def _pages(self, path: str, wanted: Mapping[str, str]) -> Iterator[Summary]:
        offset, count = 0, 1
        while offset < count:
            asked = {**wanted, "limit": PAGE, "offset": offset}
            page = self._json("GET", path, params=asked)
            yield from page["items"]
            offset, count = offset + PAGE, page["count"]

    def _piece(self, path: str, start: int, piece: bytes) -> Json:
        headers = {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(start),
        }
        try:
            answer = self._http.patch(path, content=piece, headers=headers)
        except httpx.TransportError:
            return self._json("GET", path)
        return cast("Json", _checked(answer).json())

    def _json(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        answer = self._call(method, path, json=json, params=params, headers=headers)
        return cast("Json", answer.json())

    def _call(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        given = dict(headers or {})
        if method == "POST":
            given["Idempotency-Key"] = str(uuid.uuid4())
        for tried in range(1, TRIES + 1):
            try:
                answer = self._http.request(method, path, json=json, params=params, headers=given)
                return _checked(answer)
            except httpx.TransportError:
                if tried == TRIES:
                    raise
        raise AssertionError("every try answers or raises")


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.status_code < FIRST_ERROR:
        return answer
    kind = answer.headers.get("Content-Type", "")
    problem = answer.json() if kind.startswith("application/problem+json") else {}
    raise CallError(answer.status_code, problem)
