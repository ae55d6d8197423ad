"""Whatever the order in which accounts' and tickets' events arrive, the tickets weigh the same in the end."""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import asyncpg
import pytest

from libs.events import log as log_module
from libs.events import projection
from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.accounts import AccountChanged, AccountCreated, AccountFacts, Attitude
from libs.events.catalogue.base import EventData
from libs.events.catalogue.intake import (
    ClientReplied,
    TicketAnswered,
    TicketClosed,
    TicketDeleted,
    TicketOpened,
    TicketReopened,
)
from libs.events.catalogue.routing import WeightRuleFacts
from libs.events.envelope import Cause, Event
from libs.events.log import Log
from libs.service.caller import Caller
from libs.service.database import service_database
from libs.service.idempotency import Idempotency
from libs.service.ids import new_id
from services.routing import app
from services.routing.commands import Commands
from services.routing.consumers import Facts, Judging
from services.routing.domain import tickets
from services.routing.domain.circumstances import Account, Circumstances
from services.routing.domain.judgement import Judged
from services.routing.domain.kinds import CATEGORY, DEPARTMENT, WEIGHT_RULE
from services.routing.domain.tickets import Ticket
from services.routing.domain.weights import WeightRule, weigh
from services.routing.settings import Settings
from tests.infrastructure.fixtures import ServiceDatabases
from tests.integration.routing.conftest import services

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
STAFF = Caller(kind="administrator", id=str(uuid4()))
RULES = [
    {"name": "Always", "points": 1},
    {"name": "Good", "points": 10, "conditions": {"attitudes": ["good"]}},
    {"name": "Bad", "points": -20, "conditions": {"attitudes": ["bad"]}},
    {"name": "Big", "points": 100, "per": "expenses", "unit": "10"},
]


@dataclass
class History:
    """What two services told, each in its order."""

    random: Random
    category: UUID
    accounts: list[Event] = field(default_factory=list)
    intake: list[Event] = field(default_factory=list)
    versions: dict[UUID, int] = field(default_factory=dict)

    def tell(self, service: list[Event], entity: UUID, data: EventData, time: datetime) -> None:
        self.versions[entity] = self.versions.get(entity, 0) + 1
        name = "accounts" if service is self.accounts else "intake"
        payload = data.model_dump(mode="json")
        cause, position = Cause("system:test", "test"), len(service) + 1
        event_id, version = str(new_id()), self.versions[entity]
        service.append(
            Event(event_id, data.TYPE, name, str(entity), version, time, "e", position, position - 1, cause, payload)
        )

    def live_through(self, minutes: int) -> None:
        accounts, opened = [uuid4(), uuid4()], []
        for minute in range(minutes):
            time = NINE + timedelta(minutes=minute)
            if self.random.random() < 0.4:
                self._tell_account(self.random.choice(accounts), time)
            elif self.random.random() < 0.3:
                opened.append(uuid4())
                self.tell(self.intake, opened[-1], self._opening(self.random.choice(accounts), time), time)
            elif opened:
                self.tell(self.intake, self.random.choice(opened), self._happening(time), time)
        for account in accounts:  # by a clock that is late, as an account is in truth older than its tickets
            if account not in self.versions:
                self._tell_account(account, NINE + timedelta(minutes=minutes))

    def _tell_account(self, account: UUID, time: datetime) -> None:
        kind = AccountChanged if account in self.versions else AccountCreated
        ordered = services(*(str(self.random.randint(1, 30)) for _ in range(self.random.randint(0, 3))))
        self.tell(self.accounts, account, kind(name="A", attitude=self.random.choice([*Attitude]), **ordered), time)

    def _opening(self, account: UUID, time: datetime) -> TicketOpened:
        since = time if self.random.random() < 0.8 else None
        told = {"account_id": account, "category_id": self.category, "waiting_since": since}
        return TicketOpened.model_validate({**TicketOpened.EXAMPLE, **told})

    def _happening(self, time: datetime) -> EventData:
        replied = ClientReplied.example().model_copy(update={"waiting_since": time})
        answered, closed = TicketAnswered.example(), TicketClosed()
        return self.random.choice([replied, replied, answered, answered, closed, TicketReopened(), self._deleted()])

    def _deleted(self) -> EventData:
        return TicketDeleted.example() if self.random.random() < 0.1 else TicketClosed()

    def arrivals(self, order: Random) -> Iterator[list[Event]]:
        """Batches of one source each, in any order of the two."""
        pieces = [list(in_pieces(events, order)) for events in (self.accounts, self.intake)]
        while any(pieces):
            yield order.choice([rest for rest in pieces if rest]).pop(0)

    # --- the slow and obvious way -------------------------------------------------------------

    def expected(self, rules: list[tuple[UUID, WeightRuleFacts]]) -> dict[UUID, int]:
        """Points of every ticket that is left."""
        known: dict[UUID, Ticket | None] = {}
        for event in self.intake:
            ticket = UUID(event.entity)
            known[ticket] = tickets.evolve(known.get(ticket), CATALOGUE.read(event), event.time, event.version)
        return {
            ticket_id: sum(
                part.points
                for part in weigh(
                    [WeightRule.of(*rule) for rule in rules],
                    Circumstances(ticket, self._account(ticket), ticket.opened_at),
                )
            )
            for ticket_id, ticket in known.items()
            if ticket
        }

    def _account(self, ticket: Ticket) -> Account | None:
        told = [event for event in self.accounts if event.entity == str(ticket.account_id)]
        if not told:
            return None
        by_then = [event for event in told if ticket.waited_until is None or event.time <= ticket.waited_until]
        event = by_then[-1] if by_then else told[0]
        facts = CATALOGUE.read(event)
        assert isinstance(facts, AccountFacts)
        products = tuple(service.product_type for service in facts.services)
        return Account(event.version, facts.attitude, products, facts.expenses)


@dataclass
class Bench:
    """Routing's fold and decisions on a real database, without anything that delivers events to it."""

    pool: asyncpg.Pool
    log: Log
    judging: Judging
    category: UUID
    rules: list[tuple[UUID, WeightRuleFacts]]

    async def forget(self) -> None:
        """Begin with an empty projection; what was decided stays."""
        async with self.pool.acquire() as connection, connection.transaction():
            await projection.create(connection, projection.LIVE, Facts(), 1)

    async def take_in(self, batches: Iterable[list[Event]], *, deciding: bool = True) -> None:
        for batch in batches:
            async with self.pool.acquire() as connection, connection.transaction():
                await projection.enter(connection, projection.LIVE)
                await Facts().fold(connection, batch)
                if deciding:
                    await self.judging.decide(connection, batch)

    async def weights(self) -> dict[UUID, int]:
        """Points of every ticket that is left."""
        rows = await self.pool.fetch("select t.id, e.state from tickets t join entities e on e.id = t.id")
        judged = {row["id"]: Judged.model_validate_json(row["state"]) for row in rows}
        assert all(one.department for one in judged.values())
        return {ticket_id: one.weight.points for ticket_id, one in judged.items() if one.weight}

    async def repeated(self) -> list[asyncpg.Record]:
        """Decisions of one type on one ticket for the same cause, and departments that were decided again."""
        return await self.pool.fetch(
            "select entity, type from log where type like 'ticket.%'"
            " group by entity, type, case when type like '%weighed%' then envelope ->> 'causationid' end"
            " having count(*) > 1"
        )


@pytest.fixture
async def bench(routing_settings: Settings, service_databases: ServiceDatabases) -> AsyncIterator[Bench]:
    await service_databases("routing")
    own = app.MIGRATIONS
    async with service_database("routing", routing_settings, log_module.MIGRATIONS, projection.MIGRATIONS, own) as pool:
        commands = Commands(Log("routing", pool, now=lambda: NINE - timedelta(hours=1)), new_id)
        department = await make(commands, DEPARTMENT, {"name": "Support"})
        category = await make(commands, CATEGORY, {"name": "Mail", "default_department_id": department})
        rules = [
            (await make(commands, WEIGHT_RULE, fields), WeightRuleFacts.model_validate(fields)) for fields in RULES
        ]
        log = Log("routing", pool)
        yield Bench(pool, log, Judging(log), category, rules)


async def make(commands: Commands, kind: object, fields: dict[str, object]) -> UUID:
    outcome = await commands.create(kind, fields, STAFF, Idempotency(uuid4().hex, b""))  # type: ignore[arg-type]
    return outcome.entity


async def test_tickets_weigh_what_the_events_and_their_instants_say(bench: Bench) -> None:
    for seed in range(25):
        await bench.forget()
        history = History(Random(seed), bench.category)
        history.live_through(40)
        await bench.take_in(history.arrivals(Random(seed)))
        assert await bench.weights() == history.expected(bench.rules), f"seed {seed}"
        assert await bench.repeated() == [], f"seed {seed}"


async def test_a_restored_log_is_judged_once_more_without_what_it_lost(bench: Bench) -> None:
    for seed in range(20):
        random = Random(seed)
        await bench.forget()
        history = History(random, bench.category)
        history.live_through(40)
        await bench.take_in(history.arrivals(random))
        restored, other = random.sample([history.accounts, history.intake], 2)
        kept = len(restored) - random.randint(0, 5)
        restored[:] = [replace(event, epoch="after") for event in restored[:kept]]
        await bench.forget()
        await bench.take_in([other], deciding=False)
        await bench.take_in(in_pieces(restored, random))
        assert await bench.weights() == history.expected(bench.rules), f"seed {seed}"


async def test_events_that_come_once_more_decide_nothing(bench: Bench) -> None:
    for seed in range(5):
        await bench.forget()
        history = History(Random(seed), bench.category)
        history.live_through(40)
        await bench.take_in(history.arrivals(Random(seed)))
        told = await bench.pool.fetchval("select count(*) from log")
        await bench.forget()
        await bench.take_in([history.accounts, history.intake])
        assert await bench.pool.fetchval("select count(*) from log") == told, f"seed {seed}"
        assert await bench.weights() == history.expected(bench.rules), f"seed {seed}"


def in_pieces(events: list[Event], random: Random) -> Iterator[list[Event]]:
    rest = list(events)
    while rest:
        size = random.randint(1, 6)
        yield rest[:size]
        del rest[:size]
