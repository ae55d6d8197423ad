"""What all commands on a ticket have in common: load it, see whether the caller may know of it, decide, append."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from libs.events.commands import Decision, Outcome, asked_by, execute
from libs.events.log import Executor, Key, Loaded, Log
from libs.service.caller import Caller
from libs.service.ids import Ids
from services.intake.domain.ticket import Ticket
from services.intake.domain.turn import Change, Turn
from services.intake.problems import TicketGone
from services.intake.store import tickets
from services.intake.store.tickets import TICKET

Act = Callable[[Turn], Change]


@dataclass(frozen=True)
class Tickets:
    log: Log
    ids: Ids

    async def act(
        self, ticket_id: UUID, caller: Caller, key: Key | None, act: Act, executor: Executor | None = None
    ) -> Outcome:
        def decide(loaded: Loaded) -> Decision:
            ticket = visible(tickets.ticket_of(loaded), caller)
            return tickets.written(act(Turn(ticket, loaded.version, loaded.now)))

        return await execute(self.log, ticket_id, TICKET, decide, asked_by(caller), key=key, executor=executor)


def visible(ticket: Ticket | None, caller: Caller) -> Ticket:
    """The ticket, if the caller may know of it: clients know their own account's, administrators all."""
    is_theirs = ticket is not None and (caller.kind != "client" or ticket.account_id == caller.account_id)
    if ticket is None or not is_theirs:
        raise TicketGone
    return ticket
