"""How fast query's read model is folded, as a rebuild does it: page by page, a transaction each, on a real PostgreSQL.

Run as `python -m bench.projector_bench [tickets] [--profile]`. Events are parsed from their JSON like those of a feed page,
a page ahead; reading them over HTTP is not in the figures. The aim is 20,000 events a second and process.
"""

import argparse
import asyncio
import cProfile
import pstats
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from time import perf_counter, process_time

import asyncpg
import psutil

from bench.teller import written
from bench.ticket_stories import Stories
from deploy.local.postgres import EmbeddedPostgres
from libs.events import envelope, projection
from libs.events.applier import Applier
from libs.events.feed import Page
from libs.events.projection import LIVE, Decider
from libs.events.read_ahead import batches
from libs.events.source import Cursor
from libs.service.app import tune_gc
from libs.service.database import create_pool
from services.query.consumers import ReadModel


async def fold(pool: asyncpg.Pool, service: str, pages: Sequence[list[bytes]]) -> None:
    applier, rest = Applier("query", pool, LIVE, ReadModel(), Decider()), iter(pages)

    async def parsed(_: Cursor) -> Page:
        events = [envelope.parse(text) for text in next(rest)]
        return Page(events[-1].epoch, events, is_last=events[-1].position == end)

    end = envelope.parse(pages[-1][-1]).position
    async for batch in batches(service, parsed, Cursor(), end):
        await applier.apply(batch)


async def measure(dsn: str, tickets: int, profile: cProfile.Profile | None) -> None:
    logs = Stories(tickets=tickets, customers=tickets // 100 + 10, teams=50, days=30).logs()
    sources = {service: written(logs[service]) for service in ReadModel.sources if service in logs}
    tune_gc()  # as a server does
    async with await create_pool(dsn, application_name="bench") as pool:
        with profile or nullcontext():
            await fold_all(pool, sources)


async def fold_all(pool: asyncpg.Pool, sources: dict[str, list[list[bytes]]]) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await projection.create(connection, LIVE, ReadModel(), 1)
    total = sum(len(page) for pages in sources.values() for page in pages)
    print(f"{'source':10}{'events':>10}{'events/s':>12}{'µs of Python':>14}{'of PostgreSQL':>14}")
    began = perf_counter()
    for service, pages in sources.items():
        await report(pool, service, pages)
    seconds = perf_counter() - began
    print(f"{'all':10}{total:10}{total / seconds:12,.0f}")


async def report(pool: asyncpg.Pool, service: str, pages: Sequence[list[bytes]]) -> None:
    events = sum(map(len, pages))
    began, worked, served = perf_counter(), process_time(), postgres_seconds()
    await fold(pool, service, pages)
    seconds = perf_counter() - began
    busy, serving = (process_time() - worked) / events, (postgres_seconds() - served) / events
    print(f"{service:10}{events:10}{events / seconds:12,.0f}{busy * 1e6:14.1f}{serving * 1e6:14.1f}")


def postgres_seconds() -> float:
    """What the server's processes have computed: comparable on a machine that others use as well."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if process.name() == "postgres":
                times = process.cpu_times()
                total += times.user + times.system
    return total


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("tickets", nargs="?", type=int, default=30_000)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    profile = cProfile.Profile(process_time) if options.profile else None
    with server_folder() as folder:
        await on_own_server(folder, options.tickets, profile)
    if profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)


async def on_own_server(folder: Path, tickets: int, profile: cProfile.Profile | None) -> None:
    server = EmbeddedPostgres(folder / "postgres")
    await server.start()
    try:
        await server.create_database("bench")
        await measure(server.dsn("bench"), tickets, profile)
    finally:
        await server.stop()


@contextmanager
def server_folder() -> Iterator[Path]:
    """A folder that the server's own user can get to as well."""
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    asyncio.run(main())
