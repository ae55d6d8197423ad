"""An account that was deleted takes its tickets along, whoever is killed meanwhile."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import pytest

from libs.events import log
from libs.events.catalogue.accounts import AccountDeleted, UserDeleted
from libs.events.catalogue.intake import TicketOpened
from libs.events.envelope import Cause
from libs.events.log import Log, NewEvent
from libs.service.database import service_database
from libs.service.ids import new_id
from services.intake.account_eraser import AccountEraser
from services.intake.app import MIGRATIONS
from services.intake.domain.by_time import ByTime
from services.intake.domain.ticket import open_ticket
from services.intake.domain.turn import Change
from services.intake.settings import Settings
from services.intake.store import drafts, erased_accounts
from services.intake.store.drafts import Draft
from services.intake.store.tickets import change as written_change
from tests.infrastructure.cast import until
from tests.infrastructure.fixtures import FreshDatabase
from tests.infrastructure.servers import PostgresServer
from tests.integration.intake.conftest import World
from tests.integration.intake.dying_child import Errand, killed

CONTENT = "broken|Unspeakable"


async def content_left(world: World) -> int:
    """Places where something of what was written is left."""
    count: int = await world.database.fetchval(
        f"""select (select count(*) from log where envelope::text ~ '{CONTENT}')
                 + (select count(*) from entities where state::text ~ '{CONTENT}')
                 + (select count(*) from drafts where text ~ '{CONTENT}')"""  # noqa: S608 - ours
    )
    return count


async def submitted(world: World, count: int) -> list[UUID]:
    """Tickets with an answer and a draft each."""
    tickets = [await world.submit() for _ in range(count)]
    for ticket in tickets:
        await world.answer(ticket, text="Unspeakable")
        draft = f"/api/intake/tickets/{ticket}/draft"
        await world.http.put(draft, json={"text": "Unspeakable"}, headers=world.staff(world.bob))
    return tickets


async def is_searched(world: World) -> bool:
    return bool(await world.database.fetchval("select searched_at is not null from erased_accounts"))


def eraser(world: World, settle_seconds: float) -> AccountEraser:
    return AccountEraser(Log("intake", world.database), ByTime(new_id), settle_seconds=settle_seconds)


async def test_its_tickets_are_deleted_and_erased_and_tell_why(world: World) -> None:
    tickets = await submitted(world, 3)
    strangers = {"category_id": str(world.category), "subject": "Mine", "text": "x", "user_id": str(world.stranger)}
    other = await world.http.post("/api/intake/tickets", json=strangers, headers=world.staff(world.ann))
    await world.accounts.tell(world.account, AccountDeleted())
    deletion = await world.accounts.log.pool.fetchval("select id from log order by position desc limit 1")
    await until(is_searched, world)
    for ticket in tickets:
        told = (await world.told(ticket))[-1]
        assert told["type"] == "ticket.deleted.v1"
        assert (told["actor"], told["causationid"], told["correlationid"]) == ("service:intake", str(deletion), "test")
    assert await content_left(world) == 0
    assert await world.events(UUID(other.json()["id"])) == ["opened"]
    assert await world.database.fetchval("select count(*) from erasures") == 3


async def test_nothing_is_submitted_for_it_any_more(world: World) -> None:
    await world.accounts.tell(world.account, AccountDeleted())
    await world.consumed()
    refused = await world.http.post("/api/intake/tickets", json=world.submission(), headers=world.client())
    assert refused.status_code == 403
    for_it = world.submission(user_id=str(world.user))
    refused = await world.http.post("/api/intake/tickets", json=for_it, headers=world.system("tickets:submit"))
    assert refused.json()["errors"][0]["pointer"] == "/user_id"


async def test_nor_for_a_user_who_was_deleted(world: World) -> None:
    await world.accounts.tell(world.user, UserDeleted())
    await world.consumed()
    refused = await world.http.post("/api/intake/tickets", json=world.submission(), headers=world.client())
    assert refused.status_code == 403


async def test_a_submission_that_was_under_way_is_found_by_the_second_search(world: World) -> None:
    async with world.database.acquire() as connection:
        cause = Cause(actor="service:intake", correlation="c", causation=str(uuid4()))
        now = await Log("intake", world.database).now()
        for _ in range(2):  # told twice, it is requested once
            await erased_accounts.request(connection, world.account, cause, now)
    await eraser(world, 3600).erase_pending()
    late = await world.submit()
    await eraser(world, 3600).erase_pending()
    assert await world.events(late) == ["opened"]
    await eraser(world, 0).erase_pending()
    assert await world.events(late) == ["opened", "deleted"]
    await eraser(world, 0).erase_pending()
    assert await world.database.fetchval("select count(*) from erased_accounts where done_at is not null") == 1


async def test_a_ticket_that_cannot_be_deleted_holds_up_no_other(world: World) -> None:
    broken, sound = await submitted(world, 2)
    state = await world.database.fetchval("select state from entities where id = $1", broken)
    unreadable = json.dumps({**json.loads(state), "waiting_since": "never"})
    await world.database.execute("update entities set state = $2 where id = $1", broken, unreadable)
    await world.accounts.tell(world.account, AccountDeleted())
    await until(world.has_event, sound, "deleted")
    assert not await is_searched(world)
    await world.database.execute("update entities set state = $2 where id = $1", broken, state)
    await eraser(world, 0).erase_pending()
    assert await content_left(world) == 0


# --- killed on the way ----------------------------------------------------------------------------

ACCOUNT = uuid4()


@dataclass
class Place:
    """Intake's database with two tickets of the account, and nobody at work on it."""

    pool: asyncpg.Pool
    dsn: str
    tickets: list[UUID]

    async def types(self, ticket: UUID) -> list[str]:
        rows = await self.pool.fetch("select type from log where entity = $1 order by version", ticket)
        return [row["type"].split(".")[1] for row in rows]

    async def left(self) -> int:
        drafts = await self.pool.fetchval("select count(*) from drafts")
        count: int = await self.pool.fetchval("select count(*) from log where envelope::text like '%Unspeakable%'")
        return count + int(drafts)


@pytest.fixture
async def place(
    fresh_database: FreshDatabase, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Place]:
    dsn = await fresh_database("helpdesk_intake")
    monkeypatch.setenv("HELPDESK_POSTGRES_DSN", postgres_server.dsn())
    monkeypatch.setenv("HELPDESK_SYSTEM_KEY", "the key that services share")
    async with service_database("intake", Settings(), log.MIGRATIONS, MIGRATIONS) as pool:
        tickets = [await _opened(pool) for _ in range(2)]
        cause = Cause(actor="service:intake", correlation="c", causation=str(uuid4()))
        async with pool.acquire() as connection:
            await erased_accounts.request(connection, ACCOUNT, cause, await Log("intake", pool).now())
        yield Place(pool, dsn, tickets)


async def _opened(pool: asyncpg.Pool) -> UUID:
    """A ticket of the account, with a draft."""
    ticket, own = uuid4(), Log("intake", pool)
    opened = TicketOpened.example().model_copy(update={"account_id": ACCOUNT, "text": "Unspeakable"})
    change = written_change(ticket, 0, Change([NewEvent(opened)], open_ticket(opened)))
    await own.append([change], Cause(actor="user:x", correlation="c"), await own.now())
    await drafts.save(pool, ticket, uuid4(), Draft("Unspeakable", await own.now()))
    return ticket


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "step", ["from erased_accounts", "log_append", "into erasures", "from drafts", "update attachments", "searched_at"]
)
async def test_killed_at_any_step_it_goes_on_where_it_was(place: Place, step: str, when: str) -> None:
    assert await killed(Errand(place.dsn, "file:///tmp", "erase", step, when))
    for ticket in place.tickets:  # each is there as it was, or gone as a whole
        text = "select count(*) from log where entity = $1 and envelope::text like '%Unspeakable%'"
        is_whole = await place.pool.fetchval(text, ticket) == 1
        assert await place.types(ticket) == (["opened"] if is_whole else ["opened", "deleted"])
    await AccountEraser(Log("intake", place.pool), ByTime(new_id), settle_seconds=0).erase_pending()
    assert [await place.types(ticket) for ticket in place.tickets] == [["opened", "deleted"]] * 2
    assert await place.left() == 0
    assert await place.pool.fetchval("select count(*) from erased_accounts where done_at is null") == 0
