"""What all commands on a ticket have in common: load it, judge whether the asker may, decide, append."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from libs.events.catalogue.intake import Attachment
from libs.events.commands import Decision, Load, Outcome, asked_by, execute
from libs.events.log import Executor, Key, Loaded, Log
from libs.service.ids import Ids
from libs.service.problems import PreconditionFailed
from libs.service.rights import Right
from services.intake.attachments.claims import Also, Claim, Claims
from services.intake.domain.asker import Asker, admitted
from services.intake.domain.by_time import ByTime
from services.intake.domain.turn import Change, Turn
from services.intake.store import tickets
from services.intake.store.tickets import TICKET

Act = Callable[[Turn], Change]
WriteMessage = Callable[[Turn, list[Attachment]], Change]


@dataclass(frozen=True)
class Tickets:
    log: Log
    ids: Ids
    claims: Claims
    by_time: ByTime

    async def act(
        self,
        ticket_id: UUID,
        asker: Asker,
        right: Right,
        key: Key | None,
        act: Act,
        *,
        expected: int | None = None,
        load: Load | None = None,
        executor: Executor | None = None,
    ) -> Outcome:
        """Change a ticket. `right` is what an administrator needs on it, judged by where it is when it is changed.

        `expected` is the version that the change is based on, if it is based on one; otherwise it is PreconditionFailed.
        """

        def decide(loaded: Loaded) -> Decision:
            ticket = admitted(tickets.ticket_of(loaded), asker, right)
            if expected not in {None, loaded.version}:
                raise PreconditionFailed
            return tickets.written(act(Turn(ticket, loaded.version, loaded.now, self.by_time, loaded.due_at)))

        cause = asked_by(asker.caller)
        return await execute(self.log, ticket_id, TICKET, decide, cause, key=key, load=load, executor=executor)

    async def write(
        self,
        ticket_id: UUID,
        asker: Asker,
        key: Key,
        message: WriteMessage,
        files: Sequence[UUID],
        *,
        internal: bool = False,
        also: Also | None = None,
    ) -> Outcome:
        """Change a ticket by a message, whose files are claimed with it, and do `also` what belongs to it."""

        async def write_it(claim: Claim) -> Outcome:
            connection = claim.connection
            # Without files it is a command like any other, and read like one.
            load = claim.loading(lambda: self.log.load(ticket_id, key, connection)) if connection else None

            def act(turn: Turn) -> Change:
                return message(turn, claim.judge())

            return await self.act(ticket_id, asker, Right.ANSWER, key, act, load=load, executor=connection)

        return await self.claims.carry_out(
            files, asker.caller, write_it, ticket=ticket_id, internal=internal, also=also
        )
