"""The fixtures of `tests.infrastructure`, on whichever backend the session has."""

import asyncpg
import nats
import pytest

from tests.infrastructure.databases import Databases
from tests.infrastructure.fixtures import FreshDatabase


async def test_a_fresh_database_belongs_to_the_services_role(fresh_database: FreshDatabase) -> None:
    connection = await asyncpg.connect(await fresh_database())
    try:
        await connection.execute("create extension pg_trgm; create table ticket (id int)")
        assert await connection.fetchval("select rolsuper from pg_roles where rolname = current_user") is False
    finally:
        await connection.close()


async def test_databases_know_nothing_of_each_other(fresh_database: FreshDatabase) -> None:
    first, second = await asyncpg.connect(await fresh_database()), await asyncpg.connect(await fresh_database())
    try:
        await first.execute("create table ticket (id int)")
        assert await second.fetchval("select to_regclass('ticket')") is None
    finally:
        await first.close()
        await second.close()


async def test_a_database_may_have_the_name_a_service_expects(fresh_database: FreshDatabase) -> None:
    assert (await fresh_database("helpdesk_example")).endswith("/helpdesk_example")


async def test_a_template_is_filled_once(databases: Databases, fresh_database: FreshDatabase) -> None:
    filled = []

    async def fill(dsn: str) -> None:
        filled.append(dsn)
        connection = await asyncpg.connect(dsn)
        await connection.execute("create table ticket as select 7 as id")
        await connection.close()

    for _ in range(2):
        template = await databases.template("infrastructure_example", fill)
        connection = await asyncpg.connect(await fresh_database(template=template))
        assert await connection.fetchval("select id from ticket") == 7
        await connection.close()
    assert len(filled) == 1


@pytest.mark.parametrize("turn", range(10))
async def test_every_test_finds_nats_empty(nats_url: str, turn: int) -> None:
    client = await nats.connect(nats_url)
    jetstream = client.jetstream()
    try:
        assert await jetstream.streams_info() == []
        await jetstream.add_stream(name="helpdesk_example", subjects=["helpdesk.example.>"])
        await jetstream.publish("helpdesk.example.0", str(turn).encode())
        assert (await jetstream.get_msg("helpdesk_example", seq=1)).data == str(turn).encode()
    finally:
        await client.close()
