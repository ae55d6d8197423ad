"""What accounts tells, as far as rules ask about it or name it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from libs.events.catalogue.accounts import Attitude
from libs.events.projection import Connection


@dataclass(frozen=True, slots=True)
class AccountVersion:
    account_id: UUID
    version: int
    since: datetime
    attitude: Attitude
    product_types: Sequence[str]
    expenses: Decimal
    group_id: UUID | None


async def keep_named(connection: Connection, kinds: Mapping[UUID, str]) -> None:
    await connection.execute(
        "insert into named select * from unnest($1::uuid[], $2::text[]) on conflict do nothing",
        list(kinds),
        list(kinds.values()),
    )


async def keep_accounts(connection: Connection, versions: Sequence[AccountVersion]) -> None:
    await connection.executemany(
        "insert into account_versions values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        [(v.account_id, v.version, v.since, v.attitude, v.product_types, v.expenses, v.group_id) for v in versions],
    )


async def forget_accounts(connection: Connection, accounts: Iterable[UUID]) -> None:
    await connection.execute("delete from account_versions where account_id = any($1)", list(accounts))
