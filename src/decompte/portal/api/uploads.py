"""Papers in pieces, for programs on poor lines: announce, send, ask how much is here, go on.

The words are those of tus 1.0 (`Upload-Offset`, PATCH with `application/offset+octet-stream`).
"""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Header, Router, Status

from decompte.portal.api import pieces
from decompte.portal.api.auth import MEMBER, client_of
from decompte.portal.api.care_requests import found
from decompte.portal.api.models import Upload
from decompte.portal.api.shapes import UploadIn, UploadOut

router = Router(tags=["Requests"])
BYTES = {"schema": {"type": "string", "format": "binary"}}
PIECE = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": BYTES, "application/offset+octet-stream": BYTES},
    },
}


@router.post(
    "/requests/{request_id}/uploads",
    response={201: UploadOut},
    operation_id="begin_upload",
    auth=MEMBER,
)
def begin(request: HttpRequest, request_id: str, paper: UploadIn) -> Status[Any]:
    """Announce a paper that will come in pieces of at most 2.5 MB."""
    asked = found(request, request_id)
    return Status(201, shown(pieces.begin(client_of(request), asked, **paper.model_dump())))


@router.get("/uploads/{upload_id}", response=UploadOut, operation_id="read_upload", auth=MEMBER)
def read(request: HttpRequest, upload_id: str) -> dict[str, Any]:
    """Say how much of a paper is here."""
    return shown(_found(upload_id))


@router.patch(
    "/uploads/{upload_id}",
    response=UploadOut,
    operation_id="send_piece",
    auth=MEMBER,
    openapi_extra=PIECE,
)
def send_piece(
    request: HttpRequest,
    upload_id: str,
    upload_offset: int = Header(ge=0, le=10_000_000, alias="Upload-Offset"),  # type: ignore[type-arg]
) -> dict[str, Any]:
    """Send the piece that begins at `Upload-Offset`; the last one lets the paper in."""
    return shown(pieces.add(_found(upload_id), request.body, offset=upload_offset))


def shown(upload: Upload) -> dict[str, Any]:
    """Return an upload as programs see it."""
    return {
        "id": upload.public_id,
        "size": upload.size,
        "received": upload.received,
        "paper": upload.paper or None,
    }


def _found(public_id: str) -> Upload:
    upload = pieces.find(public_id)
    if upload is None:
        raise Http404
    return upload
