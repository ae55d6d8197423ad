"""All of intake's SQL, and how a ticket is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from libs.events import log
from libs.events.catalogue.accounts import AccountFacts, UserFacts
from libs.events.catalogue.routing import CategoryFacts
from libs.events.commands import Decision
from libs.events.log import Key, Loaded, Used
from libs.events.projection import Connection
from libs.service.together import Together
from services.intake import domain
from services.intake.domain import Ticket

TICKET = "ticket"


def ticket_of(loaded: Loaded) -> Ticket | None:
    return Ticket.model_validate_json(loaded.state) if loaded.state else None


def written(change: domain.Change) -> Decision:
    """A change as the log takes it; the next thing that happens to a ticket by time alone is the end of its block."""
    block = change.ticket.block
    state = change.ticket.model_dump_json(exclude_defaults=True).encode()
    return Decision(change.events, state, block.expires_at if block else None)


def change(ticket_id: UUID, version: int, made: domain.Change) -> log.Change:
    decision = written(made)
    return log.Change(ticket_id, TICKET, version, decision.events, decision.state, decision.due_at)


# --- submitting -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Submission:
    """What has to be known to judge a submission, and the number the ticket will have; None for what is not known."""

    loaded: Loaded
    number: int
    user_account: UUID | None
    user_enabled: bool
    account_enabled: bool
    account_project: UUID | None
    account_products: frozenset[str]
    category_products: frozenset[str] | None
    category_enabled: bool


class Submissions:
    """Reads what submissions need; one round trip for all of it, and for all who ask at the same time."""

    def __init__(self, source: log.Log) -> None:
        self._log = source
        self._read_together = Together(self._read)

    async def of(self, user: UUID, category: UUID, key: Key) -> Submission:
        return await self._read_together((user, category, key.value, self._log.injected_now()))

    async def _read(self, asked: Sequence[tuple[UUID, UUID, str, datetime | None]]) -> list[Submission]:
        return [_submission(row) for row in await self._log.pool.fetchmany(_SUBMISSION, asked)]


def _submission(row: asyncpg.Record) -> Submission:
    used = Used(row["fingerprint"], row["used_by"], row["used_at"]) if row["used_at"] is not None else None
    products = row["category_products"]
    return Submission(
        loaded=Loaded(row["now"], 0, None, used),
        number=row["number"],
        user_account=row["account_id"],
        user_enabled=bool(row["user_enabled"]),
        account_enabled=bool(row["account_enabled"]),
        account_project=row["project_id"],
        account_products=frozenset(row["account_products"] or ()),
        category_products=frozenset(products) if products is not None else None,
        category_enabled=bool(row["category_enabled"]),
    )


_SUBMISSION = """
select coalesce($4::timestamptz, log_now()) as now, nextval('ticket_numbers') as number,
       k.fingerprint, k.entity as used_by, k.position as used_at,
       u.account_id, u.enabled as user_enabled,
       a.enabled as account_enabled, a.project_id, a.product_types as account_products,
       c.product_types as category_products, c.enabled as category_enabled
  from (select 1) as one
  left join idempotency k on k.key = $3
  left join users u on u.id = $1
  left join accounts a on a.id = u.account_id
  left join categories c on c.id = $2
"""


# --- what others have told ------------------------------------------------------------------------


async def keep_account(connection: Connection, account_id: UUID, account: AccountFacts) -> None:
    await connection.execute(
        "insert into accounts (id, project_id, product_types, enabled) values ($1, $2, $3, $4)"
        " on conflict (id) do update set project_id = $2, product_types = $3, enabled = $4",
        account_id,
        account.project_id,
        sorted({service.product_type for service in account.services}),
        account.enabled,
    )


async def keep_user(connection: Connection, user_id: UUID, user: UserFacts) -> None:
    await connection.execute(
        "insert into users (id, account_id, enabled) values ($1, $2, $3)"
        " on conflict (id) do update set account_id = $2, enabled = $3",
        user_id,
        user.account_id,
        user.enabled,
    )


async def keep_category(connection: Connection, category_id: UUID, category: CategoryFacts) -> None:
    await connection.execute(
        "insert into categories (id, product_types, enabled) values ($1, $2, $3)"
        " on conflict (id) do update set product_types = $2, enabled = $3",
        category_id,
        category.product_types,
        category.enabled,
    )
