"""An account's tickets as one document, for whoever asks what is kept about them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import asyncpg
import structlog
from fastapi import Depends
from fastapi import Query as QueryParameter
from starlette.responses import StreamingResponse

from libs.service.auth import Caller, require_right
from libs.service.http import to_json
from libs.service.problems import NotFound, problem_responses
from libs.service.rights import Right
from libs.service.routes import service_router
from services.query.api.models import Export
from services.query.runtime import CurrentQuery
from services.query.store import export

router = service_router("query", tags=["accounts"])
log = structlog.get_logger()


@router.get(
    "/accounts/{account_id}/export",
    summary="Export the tickets of an account",
    response_class=StreamingResponse,
    responses={200: {"model": Export}, **problem_responses(NotFound)},
)
async def export_account(
    query: CurrentQuery,
    _: Annotated[Caller, Depends(require_right(Right.MANAGE_PEOPLE))],
    account_id: UUID,
    *,
    notes: Annotated[bool, QueryParameter(description="With internal notes")] = True,
) -> StreamingResponse:
    """What a request for access has to be answered with (Art. 15 GDPR), wherever the tickets are.

    What the staff noted about somebody is about them, so notes are in it, marked as such: read them before you hand them
    out, as they may tell of others, too. Without them it is what a person may take along (Art. 20): what they gave, and
    the answers. The account's own data and users are for accounts to export. The files themselves are intake's.

    A document that ends before its last bracket is not whole.
    """
    account = await export.account(query.pool, account_id)
    if account is None:
        raise NotFound
    log.info("account_exported", account=str(account_id), notes=notes)
    at = query.as_of() or datetime.now(UTC)
    name = f'attachment; filename="tickets-{account_id}.json"'
    document = _document(query.pool, account_id, account, at, notes=notes)
    return StreamingResponse(document, media_type="application/json", headers={"Content-Disposition": name})


async def _document(
    pool: asyncpg.Pool, account_id: UUID, account: str, at: datetime, *, notes: bool
) -> AsyncIterator[str]:
    yield f'{{"account":{account},"exported_at":{to_json(at).decode()},"with_notes":{to_json(notes).decode()},"tickets":['
    comma = ""
    async for row in export.tickets(pool, account_id):
        yield f'{comma}{row["ticket"].removesuffix("}")},"messages":['
        comma = ""
        async for message in export.messages(pool, row["id"], notes=notes):
            yield comma + message
            comma = ","
        yield "]}"
        comma = ","
    yield "]}"
