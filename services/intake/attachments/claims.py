"""The files of one message, claimed in the transaction that writes it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

from libs.events.catalogue.intake import Attachment
from libs.events.commands import Load, Outcome, in_transaction
from libs.events.log import Executor, Loaded, Log
from libs.service.caller import Caller
from services.intake.attachments import store
from services.intake.attachments.domain import Limits, Upload, claimed, owner_of


class Claim:
    """What a command that writes a message does about its files; nothing, when it has none."""

    def __init__(self, files: Sequence[UUID], owner: str, limits: Limits, connection: Executor | None) -> None:
        self.connection = connection
        """The transaction to carry the command out in; None if it is alone in it."""
        self._files = files
        self._owner = owner
        self._limits = limits
        self._found: Mapping[UUID, Upload] = {}

    def loading(self, load: Load) -> Load:
        """The files, and then what the command loads: a retry that waited for the first try's files finds its key."""

        async def look_and_load() -> Loaded:
            if self.connection is not None and self._files:
                self._found = await store.lock(self.connection, self._files)
            return await load()

        return look_and_load

    def judge(self) -> list[Attachment]:
        """The files as the event tells of them; Invalid if they are not the writer's to use. For the decision."""
        return claimed(self._files, self._found, self._owner, self._limits)


Command = Callable[[Claim], Awaitable[Outcome]]
Also = Callable[[Executor, Outcome], Awaitable[None]]
"""What else is done in the transaction of a command that has written something."""


class Claims:
    """Lets commands take files along. A message that brings nothing else stays the one statement that it is."""

    def __init__(self, log: Log, limits: Limits) -> None:
        self._log = log
        self._limits = limits

    async def carry_out(
        self,
        files: Sequence[UUID],
        caller: Caller,
        command: Command,
        *,
        ticket: UUID | None = None,
        internal: bool = False,
        also: Also | None = None,
    ) -> Outcome:
        """`ticket`: which others may change as well. `internal`: clients are not to see the files.

        Nothing is claimed when the command was carried out before.
        """
        owner = owner_of(caller)
        if not files and also is None:
            return await command(Claim((), owner, self._limits, None))

        async def write_and_claim(connection: Executor) -> Outcome:
            outcome = await command(Claim(files, owner, self._limits, connection))
            if outcome.is_new and files:
                await store.claim(connection, files, outcome.entity, internal=internal)
            if outcome.is_new and also:
                await also(connection, outcome)
            return outcome

        return await in_transaction(self._log, write_and_claim, entity=ticket)
