"""What has to be known to say when an answer can be expected."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Urgency
from services.sla.domain.target_list import Profile


@dataclass(frozen=True, slots=True)
class Submission:
    """A ticket that may be submitted: the department behind its category, and what targets would ask of it."""

    department: UUID
    profile: Profile


async def submission(pool: asyncpg.Pool, account: UUID, category: UUID, urgency: Urgency) -> Submission | None:
    """None if the category is not open to the account."""
    row = await pool.fetchrow(_SUBMISSION, account, category)
    if row is None:
        return None
    profile = Profile(urgency, row["project"], Attitude(row["attitude"]), row["group_id"])
    return Submission(row["department"], profile)


async def account_of(pool: asyncpg.Pool, ticket: UUID) -> UUID | None:
    """None for a ticket that is not known here, or not there any more."""
    account: UUID | None = await pool.fetchval(_ACCOUNT, ticket)
    return account


_SUBMISSION = """
select c.department, a.project, a.attitude, a.group_id
  from categories c
 cross join lateral (select * from account_versions where account = $1 order by version desc limit 1) a
 where c.id = $2 and c.enabled and (c.project is null or c.project = a.project)
   and (c.product_types = '{}' or c.product_types && a.product_types)
"""
_ACCOUNT = """
select a.account from ticket_accounts a join ticket_places p on p.ticket = a.ticket where a.ticket = $1
"""
