"""The REST interface and its description: OpenAPI 3.1, complete enough to generate clients from."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from decompte.errors import Problem, Refusal, Text
from decompte.exchange import json_text
from decompte.portal.api import problems
from decompte.portal.api.examples import EXAMPLES
from decompte.portal.api.reading import TooManyFilesError

ALWAYS = {"400", "429", "500", "503"}
TOO_LONG = {"414": "The address is too long.", "431": "The headers are too long."}
WITH_BODY = {"413", "415", "422"}
PROBLEM = "#/components/schemas/ProblemDocument"
BODY_SOURCES = {"body", "query", "path", "header"}


class StrictParser(Parser):
    """Reads bodies of one meaning only."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the value of a body.

        Raises:
            Refusal: it is no JSON, or could be read in two ways.
        """
        value = json_text.loads(request.body)
        if json_text.has_control_character(value):
            raise Refusal([_problem("text.control", "document", "a text holds the character NUL")])
        return value


class PartRenderer(JSONRenderer):
    """Writes an answer whole, or the fields that were asked for (`fields=id,state`)."""

    json_dumps_params = {"ensure_ascii": False}

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:
        """Return the text of an answer."""
        wanted = request.GET.get("fields", "")
        if wanted and request.method == "GET" and response_status == problems.DONE:
            names = {name.strip() for name in wanted.split(",")}
            if isinstance(data, dict) and "items" in data and "count" in data:
                data = {**data, "items": [_part(item, names) for item in data["items"]]}
            else:
                data = _part(data, names)
        return super().render(request, data, response_status=response_status)


class RestApi(NinjaAPI):
    """Answers refusals with problem documents, and describes them."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the description, with what may go wrong in every operation."""
        described = super().get_openapi_schema(**options)
        schemas = described["components"]["schemas"]
        shape = problems.ProblemDocument.model_json_schema(ref_template=f"{SCHEMAS}{{model}}")
        schemas |= shape.pop("$defs")
        schemas["ProblemDocument"] = shape
        for path, operations in described["paths"].items():
            for operation in operations.values():
                _describe_failures(operation, path)
                _show_example(operation)
        return described


SCHEMAS = "#/components/schemas/"
CHANGED = {"request.changed"}
PART = problems.PART


def handlers(api: NinjaAPI) -> None:
    """Give an interface its answers to everything that can go wrong."""

    @api.exception_handler(Refusal)
    def _refusal(request: HttpRequest, refusal: Refusal | type[Refusal]) -> HttpResponse:
        assert isinstance(refusal, Refusal)
        if any(problem.code in CHANGED for problem in refusal.problems):
            return problems.of_refusal(request, refusal, 412)
        return problems.of_refusal(request, refusal)

    @api.exception_handler(TooManyFilesError)
    def _reading(_request: HttpRequest, _error: Any) -> HttpResponse:
        return problems.answer(
            429,
            code="too-many-files",
            detail=_("This program opened 200 files within an hour."),
            headers={"Retry-After": "3600"},
        )

    @api.exception_handler(ValidationError)
    def _shape(_request: HttpRequest, wrong: Any) -> HttpResponse:
        return problems.answer(
            422, code="wrong-input", problems=[_of_pydantic(error) for error in wrong.errors]
        )

    @api.exception_handler(HttpError)
    def _http(_request: HttpRequest, error: Any) -> HttpResponse:
        if isinstance(error.__cause__, Refusal):
            return problems.answer(400, code="unreadable", problems=error.__cause__.problems)
        known = error.status_code in problems.titles()
        return problems.answer(error.status_code, detail="" if known else str(error))

    @api.exception_handler(Http404)
    def _nothing(_request: HttpRequest, _error: Any) -> HttpResponse:
        return problems.answer(404)


def _part(item: Any, names: set[str]) -> Any:
    return {name: value for name, value in item.items() if name in names}


def _describe_failures(operation: dict[str, Any], path: str) -> None:
    codes = set(ALWAYS)
    if operation.get("security"):
        codes |= {"401", "403", "409", "412"}
    if operation.get("requestBody"):
        codes |= WITH_BODY
    if operation.get("parameters"):
        codes |= {"422"}
    if "{" in path:
        codes |= {"404"}
    for code in codes:
        operation["responses"].setdefault(
            code,
            {
                "description": problems.titles()[int(code)],
                "content": {problems.MEDIA_TYPE: {"schema": {"$ref": PROBLEM}}},
            },
        )
    for code, told in TOO_LONG.items():
        page = {"text/html": {"schema": {"type": "string"}}}
        operation["responses"].setdefault(code, {"description": told, "content": page})
    names = {one["name"] for one in operation.get("parameters", ())}
    if "fields" in names:
        part = {"schema": {"type": "object"}}
        operation["responses"][200]["content"][PART] = part


def _show_example(operation: dict[str, Any]) -> None:
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        content["application/json"]["example"] = EXAMPLES[operation["operationId"]]


def _of_pydantic(error: dict[str, Any]) -> Problem:
    """Return an error of the shapes as one of ours."""
    where = [str(part) for part in error["loc"]]
    if where and where[0] in BODY_SOURCES:
        where = where[1:] or where
    return _problem(f"shape.{error['type']}", ".".join(where), error["msg"])


def _problem(code: str, field: str, message: str) -> Problem:
    return Problem(code, field, Text(fr=message, en=message))
