"""Drafts: saved while somebody writes, with the block or without, and offered again when it was lost."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from libs.events.commands import in_transaction
from libs.events.log import Executor, Loaded
from libs.service.problems import Conflict, Problem
from libs.service.rights import Right
from services.intake.commands.tickets import Tickets
from services.intake.domain.asker import Asker, admitted
from services.intake.problems import NoDraft
from services.intake.store import drafts
from services.intake.store.drafts import Draft
from services.intake.store.tickets import ticket_of

T = TypeVar("T")


@dataclass(frozen=True)
class Drafts:
    tickets: Tickets

    async def save(self, ticket_id: UUID, text: str, asker: Asker) -> Draft:
        async def save(executor: Executor, loaded: Loaded) -> Draft:
            draft = Draft(text, loaded.now)
            await drafts.save(executor, ticket_id, asker.id, draft)
            return draft

        return await self._on_held(ticket_id, asker, save)

    async def find(self, ticket_id: UUID, asker: Asker) -> Draft:
        async def find(executor: Executor, _: Loaded) -> Draft | None:
            return await drafts.find(executor, ticket_id, asker.id)

        found = await self._on_held(ticket_id, asker, find)
        if found is None:
            raise NoDraft
        return found

    async def discard(self, ticket_id: UUID, asker: Asker) -> None:
        async def discard(executor: Executor, _: Loaded) -> None:
            await drafts.discard(executor, ticket_id, asker.id)

        await self._on_held(ticket_id, asker, discard)

    async def has(self, ticket_id: UUID, asker: Asker) -> bool:
        return await drafts.find(self.tickets.log.pool, ticket_id, asker.id) is not None

    async def keep_refused(self, ticket_id: UUID, text: str, asker: Asker, refusal: Conflict) -> None:
        """Save a text that could not be sent, if its writer may still have one on this ticket; the refusal says so."""
        with suppress(Problem):
            await self.save(ticket_id, text, asker)
            refusal.members["draft_kept"] = True

    async def _on_held(self, ticket_id: UUID, asker: Asker, act: Callable[[Executor, Loaded], Awaitable[T]]) -> T:
        """Act while nobody changes the ticket, above all deletes it: no draft is to outlive it."""

        async def work(executor: Executor) -> T:
            loaded = await self.tickets.log.load(ticket_id, executor=executor, lock=True)
            admitted(ticket_of(loaded), asker, Right.ANSWER)
            return await act(executor, loaded)

        return await in_transaction(self.tickets.log, work)
