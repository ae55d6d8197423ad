"""A process that is told to stop publishes all that it has acknowledged before it ends."""

import asyncio
import signal
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx

from libs.events.envelope import parse
from libs.events.stream import Stream
from libs.events.transport import Transport
from tests.faults.pair import scribe
from tests.faults.replica import Replica
from tests.infrastructure.embedded import OwnPostgres
from tests.integration.events.scene import KEY, until


async def test_on_sigterm_all_that_was_acknowledged_is_published_before_the_end(
    own_postgres: OwnPostgres, nats_url: str, tmp_path: Path
) -> None:
    environment = {
        "HELPDESK_POSTGRES_DSN": own_postgres.dsn(),
        "HELPDESK_NATS_URL": nats_url,
        "HELPDESK_SYSTEM_KEY": KEY,
    }
    replica = Replica("scribe-a", tmp_path, environment)
    replica.start()
    try:
        await until(replica.ready, bool)
        acknowledged = await write_until_it_ends(replica)
    finally:
        await replica.end()
    assert acknowledged
    assert acknowledged <= await told(nats_url)
    assert await in_log(own_postgres) == await told(nats_url)


async def write_until_it_ends(replica: Replica) -> set[str]:
    """Send the signal in the middle of many commands; the lines that were acknowledged."""
    acknowledged = set[str]()

    async def client(http: httpx.AsyncClient) -> None:
        while True:
            line = str(uuid4())
            try:
                response = await http.post(
                    f"/api/{scribe.NAME}/notes/{uuid4()}/lines", json={"line": line}, headers={"Idempotency-Key": line}
                )
            except httpx.HTTPError:
                return
            if response.is_success:
                acknowledged.add(line)

    async with httpx.AsyncClient(base_url=replica.url, headers={"Authorization": f"Bearer {KEY}"}) as http:
        clients = [asyncio.create_task(client(http)) for _ in range(4)]
        await until(lambda: asyncio.sleep(0, len(acknowledged)), lambda count: count > 50)
        assert await replica.end(signal.SIGTERM) in {
            0,
            -signal.SIGTERM,
        }  # uvicorn passes the signal on when all is done
        await asyncio.gather(*clients)
    return acknowledged


async def told(nats_url: str) -> set[str]:
    transport = Transport(nats_url)
    try:
        stream = Stream(await transport.client(), transport.names, scribe.NAME)
        messages = stream.messages(transport.names.events(scribe.NAME))
        events = [parse(message.data or b"") async for message in messages]
    finally:
        await transport.close()
    return {event.data["line"] for event in events if "line" in event.data}


async def in_log(postgres: OwnPostgres) -> set[str]:
    connection = await asyncpg.connect(postgres.dsn(f"helpdesk_{scribe.NAME}"))
    try:
        rows = await connection.fetch("select envelope->'data'->>'line' as line from log where type like '%written%'")
    finally:
        await connection.close()
    return {row["line"] for row in rows}
