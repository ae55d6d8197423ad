"""Who may read a file, by their token or by a link."""

from dataclasses import dataclass
from uuid import UUID

from libs.events.log import Log
from libs.service.caller import LOG_READ
from libs.service.problems import Forbidden, NotFound
from services.intake.attachments import store
from services.intake.attachments.domain import Held, may_read
from services.intake.domain.asker import Asker


@dataclass(frozen=True)
class Reading:
    log: Log

    async def find(self, ticket: UUID, file: UUID, asker: Asker) -> Held:
        """The file, if the asker may read it; what one may not read is not there."""
        if not asker.caller.is_user and not asker.caller.may(LOG_READ):
            raise Forbidden(scope=LOG_READ)
        held = await store.held(self.log.pool, ticket, file)
        if held is None or not may_read(held, asker):
            raise NotFound
        return held
