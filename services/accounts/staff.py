"""The administrators' rights, where they are decided: other services learn of them from events."""

from dataclasses import dataclass
from uuid import UUID

from libs.events.catalogue.accounts import AdministratorFacts
from libs.events.log import Executor
from libs.service.rights import Staff
from services.accounts.domain import ADMINISTRATOR
from services.accounts.domain.administrators import rights_of
from services.accounts.store import entities


@dataclass(frozen=True)
class Administrators:
    """A StaffDirectory of what is in the database at this moment."""

    executor: Executor

    async def find(self, administrator: UUID) -> Staff | None:
        found = await entities.find(self.executor, ADMINISTRATOR.name, administrator)
        return rights_of(administrator, AdministratorFacts.model_validate_json(found.state)) if found else None
