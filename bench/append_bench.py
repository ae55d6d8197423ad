"""Appending: what the log costs over a bare insert, by the number of clients, in one run on one server.

Run as `python -m bench.append_bench`. The figures of interest are the ratios to the first column.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter
from uuid import UUID

import asyncpg

from deploy.local.postgres import EmbeddedPostgres
from libs.events.catalogue.intake import TicketReopened
from libs.events.envelope import Cause
from libs.events.log import MIGRATIONS, Change, Key, Log, NewEvent
from libs.service.database import create_pool, migrate
from libs.service.ids import new_id

SECONDS = 3.0
CLIENTS = (1, 8, 32)
CAUSE = Cause(actor="user:bench", correlation="bench")
Once = Callable[[], Awaitable[object]]


def change(entity: UUID) -> Change:
    return Change(entity, "ticket", 0, [NewEvent(TicketReopened())], b'{"number": 1}')


async def rate(once: Once, clients: int) -> float:
    """Appends a second."""
    deadline, done = perf_counter() + SECONDS, count()

    async def client() -> None:
        while perf_counter() < deadline:
            await once()
            next(done)

    began = perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return next(done) / (perf_counter() - began)


def ways(log: Log, pool: asyncpg.Pool) -> dict[str, Once]:
    async def bare() -> None:
        await pool.execute("insert into bare (id, body) values ($1, $2)", new_id(), '{"number": 1}')

    async def append() -> None:
        now = await log.now()
        await log.append([change(new_id())], CAUSE, now, key=Key(new_id().hex))

    async def one_statement() -> None:
        await log.append([change(new_id())], CAUSE, ahead, key=Key(new_id().hex))

    async def in_transaction() -> None:
        async with pool.acquire() as connection, connection.transaction():
            now = await log.now(connection)
            await log.append([change(new_id())], CAUSE, now, key=Key(new_id().hex), executor=connection)

    async def under_lock() -> None:
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("select pg_advisory_xact_lock(1)")
            await log.append([change(new_id())], CAUSE, ahead, key=Key(new_id().hex), executor=connection)

    ahead = datetime.now(UTC) + timedelta(days=1)  # later than whatever the log has been declared complete to
    return {
        "bare insert": bare,
        "load + append": append,
        "append alone": one_statement,
        "in a transaction": in_transaction,
        "under a lock": under_lock,
    }


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="helpdesk-") as folder:
        server = EmbeddedPostgres(Path(folder) / "pg")
        await server.start()
        try:
            await report(server)
        finally:
            await server.stop()


async def report(server: EmbeddedPostgres) -> None:
    await server.create_database("bench")
    pool = await create_pool(server.dsn("bench"), application_name="bench", max_size=32)
    connection = await asyncpg.connect(server.dsn("bench"))
    await migrate(connection, MIGRATIONS)
    await connection.close()
    await pool.execute("create table bare (id uuid primary key, body json)")
    log = Log("intake", pool)
    await log.epoch()
    chosen = ways(log, pool)
    print(f"{'clients':>8}" + "".join(f"{name:>20}" for name in chosen))
    for clients in CLIENTS:
        rates = [await rate(once, clients) for once in chosen.values()]
        print(f"{clients:>8}" + "".join(f"{one:>12,.0f} ({one / rates[0]:.2f})" for one in rates), flush=True)
    await pool.close()


if __name__ == "__main__":
    asyncio.run(main())
