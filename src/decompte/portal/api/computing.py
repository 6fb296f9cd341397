"""Without a token: what is paid and why, and who covers a student. Nothing is kept."""

import json

from django.http import HttpRequest, HttpResponse
from ninja import Router

from decompte.engine.single import settle
from decompte.exchange import advice as advices
from decompte.exchange import case as cases
from decompte.exchange import situation as situations
from decompte.portal import clock
from decompte.portal.api.advice import AdviceOut
from decompte.portal.api.cases import CaseDocument, SettlementOut, SituationDocument
from decompte.portal.people.templatetags.words import language

router = Router(tags=["Without a token"])


@router.post(
    "/reimburse", response=SettlementOut, operation_id="reimburse", by_alias=True, auth=None
)
def reimburse(request: HttpRequest, case: CaseDocument) -> HttpResponse:
    """Compute what is paid for a case, and explain every cent.

    The same answer as `decompte reimburse --json`, in the caller's language.
    """
    settlement = settle(cases.read(case.root, today=clock.machine_day()))
    return written(cases.write(settlement, language()))


@router.post("/advise", response=AdviceOut, operation_id="advise", by_alias=True, auth=None)
def advise(request: HttpRequest, situation: SituationDocument) -> HttpResponse:
    """Say who covers a student, what it costs, where to send the request, which papers, until when.

    The same answer as `decompte advise --json`, in the caller's language.
    """
    answer = situations.answer(situation.root, today=clock.machine_day())
    return written(advices.write(answer, language()))


def written(document: object, status: int = 200) -> HttpResponse:
    """Return a document as it is, in JSON."""
    return HttpResponse(
        json.dumps(document, ensure_ascii=False), status=status, content_type="application/json"
    )
