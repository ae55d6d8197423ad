"""Writers beside the scribe: one takes its time between drawing a position and the end of its transaction."""

import asyncio
from contextlib import suppress
from time import monotonic
from uuid import UUID, uuid4

import asyncpg
import orjson

from libs.events.envelope import Cause
from libs.events.log import Change, Log, NewEvent, TimePassed, VersionConflict
from tests.faults.clients import Command, Journal
from tests.faults.pair import scribe
from tests.faults.pair.events import NoteWritten
from tests.faults.world import World

# InternalClientError: what asyncpg says of a connection that a dying server left between two statements.
_UNKNOWN = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimePassed)


async def append_slowly(world: World, journal: Journal, seconds: float, ending: str) -> None:
    """Append a line to a note of its own, hold the transaction open, then commit or roll it back."""
    command = Command(str(uuid4()), str(uuid4()), f"slow {uuid4()}", began=monotonic())
    try:
        async with asyncpg.create_pool(world.dsn("scribe"), min_size=1, max_size=1) as pool:
            position = await _append(Log(scribe.NAME, pool), command, seconds, rolled_back=ending == "rollback")
    except (*_UNKNOWN, VersionConflict):
        return journal.commands.append(command)  # committed or not: nobody knows
    if ending == "commit":
        command.position, command.answered = position, monotonic()
        return journal.commands.append(command)
    return None


async def append_many(world: World, journal: Journal, events: int) -> None:
    """Append many lines to a note of its own at once, so that the relay has a full window to publish."""
    note, lines = uuid4(), [NoteWritten(line=f"burst {uuid4()}.") for _ in range(events)]
    command = Command(str(note), str(uuid4()), lines[-1].line, began=monotonic())
    journal.commands.append(command)
    state = orjson.dumps({"lines": events, "deleted": False, "expired": False})
    with suppress(*_UNKNOWN):
        async with asyncpg.create_pool(world.dsn("scribe"), min_size=1, max_size=1) as pool:
            log = Log(scribe.NAME, pool)
            now = await log.now()
            change = Change(note, "note", 0, [NewEvent(line) for line in lines], state, now + scribe.EXPIRES)
            command.position = await log.append([change], Cause(actor="system:burst", correlation=command.key), now)
            command.answered = monotonic()


async def _append(log: Log, command: Command, seconds: float, *, rolled_back: bool) -> int:
    async with log.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        note = UUID(command.note)
        loaded = await log.load(note, executor=connection)
        decision = scribe.write(loaded, scribe.Line(line=command.line or ""))
        change = Change(note, "note", 0, decision.events, decision.state, decision.due_at)
        cause = Cause(actor="system:slow", correlation=command.key)
        position = await log.append([change], cause, loaded.now, executor=connection)
        await asyncio.sleep(seconds)
        await (transaction.rollback() if rolled_back else transaction.commit())
    return position
