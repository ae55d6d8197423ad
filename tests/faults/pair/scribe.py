"""The pair's writer: notes that are written on, expire, and are deleted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends
from pydantic import BaseModel

from libs.events.backbone import Backbone, Parts, running_backbone
from libs.events.commands import Decision, Outcome, asked_by, execute, in_transaction, request_key
from libs.events.due import Due, DueFacts
from libs.events.erasure import redact
from libs.events.log import Change, Executor, Loaded, NewEvent
from libs.events.log_reader import log_router
from libs.service.app import ServiceApp, create_service_app, runtime
from libs.service.auth import CurrentCaller
from libs.service.http import CurrentIdempotency, FastJSON
from libs.service.problems import Conflict
from libs.service.routes import service_router
from libs.service.settings import ServiceSettings
from libs.service.tokens import KeyRing
from tests.faults.pair.events import CATALOGUE, NoteDeleted, NoteExpired, NoteWritten, NoteWrittenV1

NAME = "intake"  # the pair stands in for two of the suite's services, whose addresses the settings know
EXPIRES = timedelta(seconds=1)


class Line(BaseModel):
    line: str
    old_version: bool = False


@dataclass
class Scribe:
    backbone: Backbone


def write(loaded: Loaded, line: Line) -> Decision:
    """Add a line; the note expires when nobody writes for a while."""
    state = orjson.loads(loaded.state) if loaded.state else {"lines": 0, "deleted": False, "expired": False}
    if state["deleted"]:
        raise Conflict("the note is deleted")
    data = NoteWrittenV1(line=line.line) if line.old_version else NoteWritten(title="t", line=line.line)
    events: list[NewEvent] = []
    state["lines"] += 1
    due_at = loaded.now + EXPIRES if not state["expired"] else None
    events.append(NewEvent(data))
    return Decision(events, orjson.dumps(state), due_at)


def delete(loaded: Loaded) -> Decision:
    state = orjson.loads(loaded.state) if loaded.state else None
    if state is None or state["deleted"]:
        raise Conflict("there is no such note")
    return Decision([NewEvent(NoteDeleted())], orjson.dumps({**state, "deleted": True}))


def expire(due: Due) -> Change:
    state = {**orjson.loads(due.state), "expired": True}
    return Change(due.entity, due.kind, due.version, [NewEvent(NoteExpired(), due.at)], orjson.dumps(state))


router = service_router(NAME)
CurrentScribe = Annotated[Scribe, Depends(runtime(Scribe))]


@router.post("/notes/{note}/lines")
async def write_line(
    note: UUID, line: Line, scribe: CurrentScribe, caller: CurrentCaller, idempotency: CurrentIdempotency
) -> Any:
    log = scribe.backbone.own_log
    outcome = await execute(
        log, note, "note", lambda loaded: write(loaded, line), asked_by(caller), key=request_key(idempotency)
    )
    return answer(outcome)


@router.post("/notes/{note}/delete")
async def delete_note(note: UUID, scribe: CurrentScribe, caller: CurrentCaller, idempotency: CurrentIdempotency) -> Any:
    log = scribe.backbone.own_log

    async def delete_and_redact(connection: Executor) -> Outcome:
        key, cause = request_key(idempotency), asked_by(caller)
        outcome = await execute(log, note, "note", delete, cause, key=key, executor=connection)
        if outcome.is_new:
            await redact(connection, CATALOGUE, note, "note", outcome.position)
        return outcome

    return answer(await in_transaction(log, delete_and_redact))


def answer(outcome: Outcome) -> FastJSON:
    return FastJSON({"note": outcome.entity, "position": outcome.position}, headers=outcome.token.headers)


def create_app(settings: ServiceSettings) -> ServiceApp:
    key_ring = KeyRing()

    @asynccontextmanager
    async def lifespan(app: ServiceApp) -> AsyncIterator[Scribe]:
        parts = Parts(workers=lambda backbone: [DueFacts(backbone.own_log, expire, poll_seconds=0.05)])
        async with running_backbone(app, NAME, settings, key_ring, parts) as backbone:
            yield Scribe(backbone)

    return create_service_app(
        NAME, "Scribe", settings, routers=[router, log_router(NAME)], lifespan=lifespan, key_ring=key_ring
    )
