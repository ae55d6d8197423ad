"""Attachments over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from starlette.requests import ClientDisconnect, HTTPConnection

from libs.service.app import runtime
from libs.service.auth import guard, identified, staff_of
from libs.service.caller import Caller
from libs.service.context import note_caller
from libs.service.headers import header
from libs.service.http import JSONBytes, idempotency_key, scoped_key
from libs.service.idempotency import PARAMETER
from libs.service.problems import (
    BadRequest,
    Conflict,
    Invalid,
    NotFound,
    TooLarge,
    problem_responses,
)
from libs.service.routes import route_path, service_router
from services.intake.api.parts import OF_TICKET, Anybody, Person
from services.intake.api.submitting import require_may_submit
from services.intake.attachments import problems, serving
from services.intake.attachments.domain import owner_of
from services.intake.attachments.links import Link
from services.intake.attachments.uploads import Delivery
from services.intake.domain.asker import Asker
from services.intake.runtime import CurrentIntake, Intake

UPLOADS = "/attachments"
UPLOADS_PATH = f"/api/intake{UPLOADS}"
ONE = OF_TICKET + "/attachments/{attachment_id}"

router = service_router("intake", tags=["attachments"])


class UploadView(BaseModel):
    """A file that waits for a message to name it in `attachment_ids`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01980000-0000-7000-8000-00000000f001",
                    "name": "headers.txt",
                    "size": 2048,
                    "content_type": "text/plain",
                    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                }
            ]
        }
    )

    id: UUID
    name: str
    size: int
    content_type: str
    sha256: str


_FILE_BODY: dict[str, Any] = {
    "parameters": [
        header(
            "Content-Disposition",
            "The file's name, as RFC 6266 has it",
            examples=["attachment; filename*=UTF-8''headers.txt"],
        ),
        PARAMETER,
    ],
    "requestBody": {
        "required": True,
        "description": "The file itself",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
}
_UPLOAD_REFUSALS = problem_responses(
    Conflict,
    Invalid,
    TooLarge,
    problems.TypeRefused,
    problems.QuotaReached,
    problems.TooSlow,
    problems.UploadGone,
    problems.StorageDown,
)


@router.post(
    UPLOADS,
    status_code=201,
    response_model=UploadView,
    summary="Upload a file for a message",
    responses=_UPLOAD_REFUSALS,
    openapi_extra=_FILE_BODY,
)
async def upload_attachment(request: Request, asker: Anybody, intake: CurrentIntake) -> Response:
    """The body is the file, and is stored while it arrives; what it is, is seen from its content.

    A message names it in `attachment_ids` within a day (a setting), or it is removed.
    """
    if not asker.is_client:
        require_may_submit(asker)
    name = serving.named_in(request.headers.get("content-disposition", ""))
    if not name:
        raise Invalid.at("header/Content-Disposition", "Name the file: attachment; filename*=UTF-8''…")
    delivery = Delivery(
        owner=owner_of(asker.caller),
        name=name,
        length=int(request.headers.get("content-length", 0)) or None,
        key=scoped_key(asker.caller, f"POST {route_path(request.scope)}", idempotency_key(request)),
        path=request.url.path,
    )
    try:
        stored = await intake.attachments.uploads.receive(delivery, request.stream())
    except ClientDisconnect:
        raise BadRequest("The upload was cut short") from None
    view = UploadView(
        id=stored.id,
        name=stored.name,
        size=stored.size,
        content_type=stored.content_type,
        sha256=stored.sha256.hex(),
    )
    return JSONBytes(view.model_dump_json().encode(), 201)


@guard
async def reader(connection: HTTPConnection) -> Asker:
    """Who reads: by their token, or by a link that was made for them."""
    token = connection.query_params.get("link")
    caller = identified(connection) if token is None else await _linked(connection, token)
    return Asker(caller, await staff_of(connection, caller) if caller.kind == "administrator" else None)


async def _linked(connection: HTTPConnection, token: str) -> Caller:
    intake = await runtime(Intake)(connection)
    try:
        ticket, file = (UUID(connection.path_params[name]) for name in ("ticket_id", "attachment_id"))
    except ValueError:
        raise NotFound from None
    caller = intake.attachments.links.reader(token, ticket, file)
    note_caller(caller.actor)
    return caller


@router.get(
    ONE,
    summary="Download a file",
    response_class=Response,
    responses={
        200: {
            "description": "The file; images that are safe to show come inline",
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        },
        206: {"description": "The part that `Range` asks for"},
        304: {"description": "The file that `If-None-Match` names"},
        **problem_responses(NotFound, problems.RangeRefused, problems.StorageDown),
    },
)
async def download_attachment(
    ticket_id: UUID,
    attachment_id: UUID,
    request: Request,
    asker: Annotated[Asker, Depends(reader)],
    intake: CurrentIntake,
    link: Annotated[str | None, Query(description="From a link, in place of a token")] = None,  # noqa: ARG001 - `reader` takes it
) -> Response:
    """For whoever may read the message it came with. It never changes, so its `ETag` is the SHA-256."""
    held = await intake.attachments.reading.find(ticket_id, attachment_id, asker)
    return await serving.serve(held, intake.attachments.files, request.headers)


@router.post(
    ONE + "/link",
    response_model=Link,
    summary="Make a link that opens one file for a short time",
    responses=problem_responses(NotFound),
)
async def link_attachment(
    ticket_id: UUID, attachment_id: UUID, request: Request, asker: Person, intake: CurrentIntake
) -> Response:
    """For `<img>` and downloads by the browser, which send no token. It reads as the caller, for a minute or two."""
    held = await intake.attachments.reading.find(ticket_id, attachment_id, asker)
    path = request.url.path.removesuffix("/link")
    link = intake.attachments.links.make(path, asker.caller, ticket_id, held.id)
    return JSONBytes(link.model_dump_json().encode(), headers={"Cache-Control": "no-store"})
