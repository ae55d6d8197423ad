"""What other systems call accounts and users. Each kind has its own; one external id is one entity's."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from libs.events.log import Executor
from services.accounts.problems import ExternalIdTaken


async def keep(executor: Executor, kind: str, entity: UUID, external_id: str | None) -> None:
    """Reserve the external id instead of the one before; ExternalIdTaken if another has it."""
    try:
        await executor.execute(_FORGET, entity, external_id)
        if external_id is not None and await executor.fetchval(_KEEP, kind, external_id, entity) != entity:
            raise ExternalIdTaken
    except asyncpg.DeadlockDetectedError:
        raise ExternalIdTaken from None  # two who swap theirs at once wait for each other


async def remove(executor: Executor, entities: Sequence[UUID]) -> None:
    await executor.execute("delete from external_ids where entity = any($1)", entities)


_FORGET = "delete from external_ids where entity = $1 and external_id is distinct from $2"
_KEEP = """
insert into external_ids as known (kind, external_id, entity) values ($1, $2, $3)
on conflict (kind, external_id) do update set entity = known.entity
returning entity
"""
