"""What a ticket is about, which department has it and who is responsible."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from libs.events.catalogue.intake import Property
from libs.events.commands import Outcome
from libs.events.log import Key, Loaded
from libs.service.auth import StaffDirectory
from libs.service.problems import Invalid
from libs.service.rights import Right
from services.intake.commands.tickets import Tickets
from services.intake.domain import properties
from services.intake.domain.asker import Asker
from services.intake.domain.categories import require_open
from services.intake.domain.properties import Assignee, Destination
from services.intake.domain.turn import Change, Turn
from services.intake.store import registry
from services.intake.store.registry import Editing
from services.intake.store.tickets import ticket_of


@dataclass(frozen=True)
class Properties:
    """`expected` is the version that the change is based on; None for any."""

    tickets: Tickets
    staff: StaffDirectory

    async def edit(
        self, ticket_id: UUID, wanted: Mapping[Property, Any], asker: Asker, expected: int | None
    ) -> Outcome:
        edit = _Edit(self.tickets, ticket_id, wanted)
        return await self.tickets.act(
            ticket_id, asker, Right.ANSWER, None, edit.decide, expected=expected, load=edit.load
        )

    async def take(self, ticket_id: UUID, asker: Asker, expected: int | None, key: Key) -> Outcome:
        return await self.tickets.act(
            ticket_id, asker, Right.ASSIGN, key, lambda turn: properties.take(turn, asker.id), expected=expected
        )

    async def assign(
        self, ticket_id: UUID, assignee: Assignee | None, asker: Asker, expected: int | None, key: Key
    ) -> Outcome:
        return await self.tickets.act(
            ticket_id, asker, Right.ASSIGN, key, lambda turn: properties.assign(turn, assignee), expected=expected
        )

    async def transfer(self, ticket_id: UUID, to: Destination, asker: Asker, expected: int | None, key: Key) -> Outcome:
        return await self.tickets.act(
            ticket_id, asker, Right.ASSIGN, key, lambda turn: properties.transfer(turn, asker.id, to), expected=expected
        )

    async def assignee(self, responsible: UUID | None) -> Assignee | None:
        return Assignee(responsible, await self.staff.find(responsible)) if responsible else None

    async def destination(self, department: UUID) -> Destination:
        return Destination(department, await registry.has_enabled_department(self.tickets.log.pool, department))


@dataclass
class _Edit:
    """An edit, with what it is judged by, which is read together with each version of the ticket."""

    tickets: Tickets
    ticket_id: UUID
    wanted: Mapping[Property, Any]
    known: Editing = field(init=False)

    async def load(self) -> Loaded:
        log = self.tickets.log
        loaded = await log.load(self.ticket_id)
        if ticket := ticket_of(loaded):
            category, project = self.wanted.get(Property.CATEGORY), self.wanted.get(Property.PROJECT)
            self.known = await registry.editing(log.pool, self.ticket_id, ticket.account_id, category, project)
        return loaded

    def decide(self, turn: Turn) -> Change:
        if self.wanted.get(Property.CATEGORY, turn.ticket.category_id) != turn.ticket.category_id:
            require_open(self.known.category, self.known.account)
        if self.wanted.get(Property.PROJECT) not in {None, turn.ticket.project_id} and not self.known.knows_project:
            raise Invalid.at("/project_id", "There is no such project")
        return properties.edit(turn, self.wanted, self.known.subject)
