"""The links in `List-Unsubscribe` (RFC 8058): no sign-in, one click, one kind of mail less."""

from html import escape
from typing import Annotated
from uuid import UUID

from fastapi import Path
from starlette.responses import HTMLResponse, Response

from libs.service.problems import NotFound
from libs.service.routes import service_router
from services.notify.api.parts import ON_ONE, SERVICE
from services.notify.domain.kinds import Kind
from services.notify.runtime import CurrentNotify, Notify
from services.notify.store import preferences

_PATH = "/unsubscribe/{token}"
PUBLIC = [f"/api/{SERVICE}{_PATH}"]
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
}

router = service_router(SERVICE, tags=["preferences"])

Token = Annotated[str, Path(json_schema_extra={"pattern": "^[A-Za-z0-9_-]+$"})]


@router.get(_PATH, response_class=HTMLResponse, responses=ON_ONE)
async def ask_to_unsubscribe(token: Token, notify: CurrentNotify) -> HTMLResponse:
    """Ask whether one really wants to: programs that look at links must not do it."""
    _, kind = _read(notify, token)
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Unsubscribe</title>'
        f'<form method="post"><p>No mail about <b>{escape(kind.replace("_", " "))}</b> any more?</p>'
        "<button>Unsubscribe</button></form></html>"
    )
    return HTMLResponse(page, headers=_HEADERS)


@router.post(_PATH, status_code=204, responses=ON_ONE)
async def unsubscribe(token: Token, notify: CurrentNotify) -> Response:
    """Be told no more of the kind that the link is about; doing it again changes nothing."""
    person, kind = _read(notify, token)
    async with notify.log.pool.acquire() as connection, connection.transaction():
        chosen, _ = await preferences.find(connection, person)
        await preferences.put(connection, person, chosen.without(kind), None)
    return Response(status_code=204)


def _read(notify: Notify, token: str) -> tuple[UUID, Kind]:
    found = notify.links.unsubscribing(token)
    if found is None:
        raise NotFound
    return found
