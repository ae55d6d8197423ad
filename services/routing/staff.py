"""The staff as routing knows it: roles from accounts' events, departments from its own log."""

from dataclasses import dataclass, replace
from uuid import UUID

import asyncpg

from libs.service.auth import StaffDirectory
from libs.service.rights import Staff
from services.routing.store import organisation


@dataclass(frozen=True)
class OwnDepartments:
    """Adds the departments to what the events of others tell of an administrator."""

    others: StaffDirectory
    pool: asyncpg.Pool

    async def find(self, administrator: UUID) -> Staff | None:
        known = await self.others.find(administrator)
        if known is None:
            return None
        joined, headed = await organisation.departments_of(self.pool, administrator)
        return replace(known, departments=joined, headed=headed)
