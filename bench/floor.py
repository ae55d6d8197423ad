"""The floor: what FastAPI, uvicorn, uvloop, asyncpg and PostgreSQL cost when they do next to nothing.

`python -m bench.floor` serves `POST /rows`, one row inserted, and `GET /rows`, 50 rows of 20 columns by index as JSON
that PostgreSQL built; with the same server and garbage collector settings as a service. At FLOOR_LMTP_PORT, if that is set,
it takes mail by LMTP, for whoever it is: one row inserted, and 250.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal
from uuid import UUID

import asyncpg
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope
from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.responses import Response

from libs.service.database import create_pool
from libs.service.ids import new_id
from libs.service.serve import serve
from libs.service.settings import ServiceSettings

_TABLES = """
create table if not exists inserted (
    id uuid primary key, category_id uuid not null, subject text not null, text text not null, urgency text not null
);
create table if not exists mails (id uuid primary key, sender text not null, raw bytea not null);
"""
_INSERT = "insert into inserted (id, category_id, subject, text, urgency) values ($1, $2, $3, $4, $5)"
_LIST = "select json_agg(row_to_json(r))::text from (select * from listed order by rank limit 50) r"


class Row(BaseModel):
    category_id: UUID
    subject: str
    text: str
    urgency: Literal["high", "medium", "low"] = "medium"


async def fill(pool: asyncpg.Pool, rows: int) -> None:
    """Make the table that `GET /rows` lists: ids, short texts, instants and numbers, as a ticket has them."""
    await pool.execute(f"drop table if exists listed; create table listed as {_listed()}".replace("$1", str(rows)))
    await pool.execute("create index on listed (rank)")
    await pool.execute("vacuum analyze listed")


def _listed() -> str:
    ids = [f"gen_random_uuid() as id_{n}" for n in range(7)]
    texts = [f"'Some words ' || n as text_{n}" for n in range(5)]
    instants = [f"timestamptz '2026-01-05 09:00Z' + n * interval '1 s' as at_{n}" for n in range(4)]
    numbers = ["n as number", "hashint8(n)::bigint as rank", "n % 7 as points", "n % 2 = 0 as unread"]
    return f"select {', '.join([*ids, *texts, *instants, *numbers])} from generate_series(1, $1) n"  # noqa: S608


class Mailbox:
    """Called by aiosmtpd."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def handle_DATA(self, _server: LMTP, _session: object, envelope: Envelope) -> str:  # noqa: N802 - its name
        insert = "insert into mails (id, sender, raw) values ($1, $2, $3)"
        await self._pool.execute(insert, new_id(), envelope.mail_from, envelope.content)
        return "250 2.0.0 OK"


@asynccontextmanager
async def taking_mail(pool: asyncpg.Pool, port: str | None) -> AsyncIterator[None]:
    if port is None:
        yield
        return
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: LMTP(Mailbox(pool), loop=loop, hostname="floor", ident="floor"), "127.0.0.1", int(port)
    )
    yield
    server.close()


def create_app(dsn: str) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with await create_pool(dsn, application_name="floor") as app.state.pool:
            await app.state.pool.execute(_TABLES)
            async with taking_mail(app.state.pool, os.environ.get("FLOOR_LMTP_PORT")):
                yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/rows", status_code=201)
    async def insert(row: Row, request: Request) -> Response:
        row_id = new_id()
        await request.app.state.pool.execute(_INSERT, row_id, row.category_id, row.subject, row.text, row.urgency)
        return Response(b'{"id":"%b"}' % str(row_id).encode(), 201, media_type="application/json")

    @app.get("/rows")
    async def listed(request: Request) -> Response:
        return Response(await request.app.state.pool.fetchval(_LIST), media_type="application/json")

    @app.get("/healthz")
    async def healthz() -> Response:
        return Response(b"{}", media_type="application/json")

    return app


if __name__ == "__main__":
    serve(create_app(os.environ["FLOOR_DSN"]), ServiceSettings())
