"""The decider: routing's decisions become facts of tickets; an account's deletion takes tickets and waiting mail along."""

from collections.abc import Sequence
from uuid import UUID

from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.accounts import AccountDeleted, UserDeleted
from libs.events.catalogue.routing import DepartmentDecided
from libs.events.commands import caused_by
from libs.events.envelope import Event
from libs.events.log import Key, Log
from libs.events.projection import Connection, Decider
from services.intake.domain import properties
from services.intake.domain.by_time import ByTime
from services.intake.domain.ticket import Status
from services.intake.domain.turn import Turn
from services.intake.store import erased_accounts, mails, tickets


class Deciding(Decider):
    def __init__(self, log: Log, by_time: ByTime) -> None:
        self._log = log
        self._by_time = by_time

    async def decide(self, connection: Connection, events: Sequence[Event]) -> int | None:
        position = None
        if people := [UUID(event.entity) for event in events if event.type == UserDeleted.TYPE]:
            await mails.erase_of_users(connection, people)
        for event in events:
            if event.type == DepartmentDecided.TYPE:
                position = await self._adopt(connection, event) or position
            elif event.type == AccountDeleted.TYPE:
                await self._request_erasure(connection, event)
        return position

    async def _adopt(self, connection: Connection, event: Event) -> int | None:
        """Unless a person was faster."""
        decided = CATALOGUE.read(event)
        assert isinstance(decided, DepartmentDecided)
        ticket_id, key = UUID(event.entity), Key(f"decision:{event.id}:adopted")
        loaded = await self._log.load(ticket_id, key, connection, lock=True)
        ticket = tickets.ticket_of(loaded)
        if loaded.used or ticket is None or ticket.status is Status.DELETED:
            return None
        turn = Turn(ticket, loaded.version, loaded.now, self._by_time, loaded.due_at)
        change = properties.adopt(turn, decided, UUID(event.id))
        if not change.events:
            return None
        appended = tickets.change(ticket_id, loaded.version, change)
        return await self._log.append(
            [appended], caused_by(event, self._log.service), loaded.now, key=key, executor=connection
        )

    async def _request_erasure(self, connection: Connection, event: Event) -> None:
        """There may be many tickets: they are deleted one by one, and not while the other events wait."""
        cause = caused_by(event, self._log.service)
        await erased_accounts.request(connection, UUID(event.entity), cause, await self._log.now(connection))
