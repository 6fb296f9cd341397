"""The REST interface under `/api/v1`: the routers of each subject, described by `openapi`."""

from csp.constants import SELF
from csp.decorators import csp_update
from ninja.openapi.docs import Swagger

from decompte.portal.api import (
    care_requests,
    computing,
    decided,
    handovers,
    members,
    registrations,
    told,
    uploads,
    work,
)
from decompte.portal.api.openapi import PartRenderer, RestApi, StrictParser, handlers

DESCRIPTION = (
    "Who covers a student, what is paid back and why, to the cent; registrations, requests, "
    "decisions and statements for programs with a token. Errors are RFC 9457 problem documents "
    "in the language of Accept-Language (fr, en)."
)
api = RestApi(
    title="Décompte",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    parser=StrictParser(),
    renderer=PartRenderer(),
    docs=Swagger(settings={"persistAuthorization": False, "validatorUrl": None}),
    docs_decorator=csp_update({"img-src": [SELF, "data:"]}),  # pictures of the style sheet
)
handlers(api)
ROOMS = (
    computing,
    handovers,
    members,
    registrations,
    care_requests,
    uploads,
    decided,
    work,
    told,
)
for room in ROOMS:
    api.add_router("", room.router)
