"""What has to be known to judge a submission."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from libs.events.log import Executor, Key, Loaded, Log, Used
from libs.service.together import Together
from services.intake.domain.categories import Category, Chooser
from services.intake.store.registry import CATEGORY_COLUMNS, CHOOSER_COLUMNS, category_of, chooser_of


@dataclass(frozen=True, slots=True)
class Submission:
    """What has to be known to judge a submission, and the number the ticket will have; None for what is not known."""

    loaded: Loaded
    number: int
    user_account: UUID | None
    user_enabled: bool
    account_enabled: bool
    account: Chooser
    category: Category | None


class Submissions:
    """Reads what submissions need; one round trip for all of it, and for all who ask at the same time."""

    def __init__(self, source: Log) -> None:
        self._log = source
        self._read_together = Together(self._read)

    async def of(self, user: UUID, category: UUID, key: Key, connection: Executor | None = None) -> Submission:
        """On the connection of a transaction, if one is given."""
        asked = (user, category, key.value, self._log.injected_now())
        if connection is None:
            return await self._read_together(asked)
        row = await connection.fetchrow(_SUBMISSION, *asked)
        assert row is not None
        return _submission(row)

    async def _read(self, asked: Sequence[tuple[UUID, UUID, str, datetime | None]]) -> list[Submission]:
        return [_submission(row) for row in await self._log.pool.fetchmany(_SUBMISSION, asked)]


def _submission(row: asyncpg.Record) -> Submission:
    used = Used(row["fingerprint"], row["used_by"], row["used_at"]) if row["used_at"] is not None else None
    return Submission(
        loaded=Loaded(row["now"], 0, None, used),
        number=row["number"],
        user_account=row["account_id"],
        user_enabled=bool(row["user_enabled"]),
        account_enabled=bool(row["account_enabled"]),
        account=chooser_of(row),
        category=category_of(row),
    )


_SUBMISSION = f"""
select coalesce($4::timestamptz, log_now()) as now, nextval('ticket_numbers') as number,
       k.fingerprint, k.entity as used_by, k.position as used_at,
       u.account_id, u.enabled as user_enabled,
       a.enabled as account_enabled, {CHOOSER_COLUMNS}, {CATEGORY_COLUMNS}
  from (select 1) as one
  left join idempotency k on k.key = $3
  left join users u on u.id = $1
  left join accounts a on a.id = u.account_id
  left join categories c on c.id = $2
"""  # noqa: S608 - columns
