"""The pair's reader: mirrors notes, and tells how many lines it has counted."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import orjson

from libs.events.admin import operator_router
from libs.events.backbone import Backbone, Parts, running_backbone
from libs.events.commands import caused_by
from libs.events.envelope import Event
from libs.events.log import Change, Key, Log, NewEvent
from libs.events.log_reader import log_router
from libs.events.projection import Connection, Decider
from libs.service.app import ServiceApp, create_service_app
from libs.service.settings import ServiceSettings
from libs.service.tokens import KeyRing
from tests.faults.pair.events import CATALOGUE, NoteCounted, NoteDeleted, NoteExpired, NoteWritten
from tests.faults.pair.scribe import NAME as SCRIBE

NAME = "routing"
POISON = "poison"


class Mirror:
    """The projection: one row a note, and every event's id in the order it came."""

    sources: Sequence[str] = (SCRIBE,)
    version = 1
    tables = Path(__file__).parent / "mirror.sql"

    def __init__(self, antidote: Path | None = None) -> None:
        self._antidote = antidote

    async def fold(self, connection: Connection, events: Sequence[Event]) -> None:
        for event in events:
            await connection.execute("insert into seen (position, event_id) values ($1, $2)", event.position, event.id)
            await self._fold(connection, event)

    async def _fold(self, connection: Connection, event: Event) -> None:
        match CATALOGUE.read(event):
            case NoteWritten(line=line):
                if line.startswith(POISON) and not (self._antidote and self._antidote.exists()):
                    raise ValueError("this line cannot be taken in")
                await connection.execute(
                    "insert into notes (id, version, lines, text) values ($1, $2, 1, $3) on conflict (id) do update"
                    " set version = $2, lines = notes.lines + 1, text = notes.text || excluded.text",
                    event.entity,
                    event.version,
                    f"{line}\n",
                )
            case NoteExpired():
                await connection.execute(
                    "update notes set state = 'expired', version = $2 where id = $1", event.entity, event.version
                )
            case NoteDeleted():
                await connection.execute(
                    "update notes set state = 'deleted', text = '', version = $2 where id = $1",
                    event.entity,
                    event.version,
                )


@dataclass
class Counter(Decider):
    """The decider: for each line written, an event of its own."""

    log: Log

    async def decide(self, connection: Connection, events: Sequence[Event]) -> int | None:
        position = None
        for event in events:
            if isinstance(CATALOGUE.read(event), NoteWritten):
                position = await self._count(connection, event) or position
        return position

    async def _count(self, connection: Connection, event: Event) -> int | None:
        key = Key(f"decision:{event.id}:{NoteCounted.TYPE}")
        loaded = await self.log.load(UUID(event.entity), key, connection, lock=True)
        if loaded.used:
            return None
        lines = (orjson.loads(loaded.state)["lines"] if loaded.state else 0) + 1
        change = Change(
            UUID(event.entity),
            "note",
            loaded.version,
            [NewEvent(NoteCounted(lines=lines, of_version=event.version))],
            orjson.dumps({"lines": lines}),
        )
        cause = caused_by(event, NAME)
        return await self.log.append([change], cause, loaded.now, key=key, executor=connection)


def create_app(settings: ServiceSettings, antidote: Path | None = None) -> ServiceApp:
    key_ring = KeyRing()

    @asynccontextmanager
    async def lifespan(app: ServiceApp) -> AsyncIterator[Backbone]:
        parts = Parts(projection=Mirror(antidote), decider=lambda backbone: Counter(backbone.own_log))
        async with running_backbone(app, NAME, settings, key_ring, parts) as backbone:
            yield backbone

    routers = [log_router(NAME), operator_router(NAME)]
    return create_service_app(NAME, "Mirror", settings, routers=routers, lifespan=lifespan, key_ring=key_ring)
