"""What was deleted is nowhere on disk any more: not in PostgreSQL, NATS, attachments or logs, down to the bytes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.acceptance.erasure.running import Running, running_on
from tests.acceptance.erasure.traces import Words
from tests.acceptance.erasure.written import Written, delete, read_everywhere, write
from tests.infrastructure.local_runner import database_of
from tests.infrastructure.provider import Provider, founded
from tests.infrastructure.read_model import dump, rebuild


@pytest.fixture
async def product(folder: Path) -> AsyncIterator[Running]:
    async with running_on(folder / "var") as started:
        yield started


@pytest.mark.timeout(600)
async def test_no_byte_of_a_deleted_ticket_stays_once_the_files_are_purged(product: Running) -> None:
    provider = await founded(product.product)
    gone, kept = Words("gone"), Words("kept")
    doomed = [await _read_and_written(provider, gone, long=long) for long in (False, True, False)]
    for long in (True, False):
        await _read_and_written(provider, kept, long=long)
    doomed.append(await _read_and_written(provider, gone, long=True))
    await _spread(product)
    for words in (gone, kept):
        assert set(words.traces(product.data)) >= words.made, "the search sees every word"
    assert await _samples(product, gone), "statistics hold samples of what was written"

    for ticket in doomed:
        await delete(provider.admin, ticket)
    await product.erased(len(doomed))
    left = {file for files in gone.traces(product.data).values() for file in files}
    assert {file.split("/")[0] for file in left} == {"postgres"}, "only PostgreSQL's files take their time"
    await product.purge()
    assert gone.traces(product.data) == {}
    assert kept.whole(product.data) == kept.made

    async with database_of(product.data, "query") as database:
        live = await dump(database)
        await rebuild(database, provider.admin)
        assert await dump(database) == live
        tombstones = {str(row["id"]) for row in await database.fetch("select id from live.tombstones")}
        tickets = {str(row["id"]) for row in await database.fetch("select id from live.tickets")}
    ids = {ticket.id for ticket in doomed}
    assert ids <= tombstones
    assert not ids & tickets

    refilled = b"\n".join(await product.made_again("intake"))
    assert gone.beginning.encode() not in refilled
    assert refilled.count(kept.beginning.encode()) > 0
    await product.stop()
    assert gone.traces(product.data) == {}
    assert kept.whole(product.data) == kept.made


async def _read_and_written(provider: Provider, words: Words, *, long: bool) -> Written:
    ticket = await write(provider, words, long=long)
    await read_everywhere(provider, ticket)
    return ticket


async def _spread(product: Running) -> None:
    """Let PostgreSQL put everything wherever it may: into statistics, and from memory into its files."""
    assert await product.asked("intake", "show wal_compression") == "off", "what is compressed would not be seen"
    await product.everywhere("analyze")
    await product.everywhere("checkpoint")


async def _samples(product: Running, words: Words) -> bool:
    question = "select exists (select from pg_stats where row_to_json(pg_stats)::text like '%' || $1 || '%')"
    return bool(await product.asked("query", question, words.beginning))
