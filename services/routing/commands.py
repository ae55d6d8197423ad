"""Carrying out routing's commands: whether what they name exists, then what is to be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from libs.events.catalogue.base import EventData
from libs.events.commands import Decision, Outcome, asked_by, execute, request_key
from libs.events.log import Loaded, Log, NewEvent
from libs.service.caller import Caller
from libs.service.idempotency import Idempotency
from libs.service.ids import Ids
from libs.service.problems import Invalid, NotFound, PreconditionFailed
from services.routing.domain.kinds import Kind, changed
from services.routing.domain.possible import Fault
from services.routing.references import Fields, reference_faults
from services.routing.store import organisation

F = TypeVar("F", bound=EventData)


@dataclass(frozen=True)
class Commands:
    """Making and changing what tickets are judged by. References are checked first: nothing they name ever goes away."""

    log: Log
    ids: Ids

    async def create(self, kind: Kind[F], fields: Fields, caller: Caller, idempotency: Idempotency) -> Outcome:
        facts = await self.checked(kind, fields)

        def decide(loaded: Loaded) -> Decision:
            return Decision([NewEvent(facts)], kind.write(None, facts, loaded.now))

        return await execute(self.log, self.ids(), kind.name, decide, asked_by(caller), key=request_key(idempotency))

    async def change(
        self, kind: Kind[F], entity: UUID, fields: Fields, expected: int | None, caller: Caller
    ) -> Outcome:
        """`expected`: the version the change is based on, None for any."""
        await self._require(kind, entity)
        _refuse(await reference_faults(self.log.pool, fields))

        def decide(loaded: Loaded) -> Decision:
            before, state = _present(kind, loaded)
            if expected not in (None, loaded.version):
                raise PreconditionFailed
            after = changed(kind, before, fields)
            if after is None:
                return Decision([], state)
            _refuse(kind.faults(after))
            return Decision([NewEvent(after)], kind.write(state, after, loaded.now))

        return await execute(self.log, entity, kind.name, decide, asked_by(caller))

    async def delete(self, kind: Kind[F], entity: UUID, caller: Caller) -> Outcome:
        assert kind.deleted is not None
        await self._require(kind, entity)
        gone = kind.deleted()

        def decide(loaded: Loaded) -> Decision:
            _, state = _present(kind, loaded)
            return Decision([NewEvent(gone)], kind.write(state, None, loaded.now))

        return await execute(self.log, entity, kind.name, decide, asked_by(caller))

    async def checked(self, kind: Kind[F], fields: Fields, within: str = "") -> F:
        """What these fields make; Invalid for what could not work, with pointers below `within`."""
        facts = kind.created.model_validate(fields)
        _refuse([*kind.faults(facts), *await reference_faults(self.log.pool, fields)], within)
        return facts

    async def _require(self, kind: Kind[F], entity: UUID) -> None:
        if await organisation.find(self.log.pool, kind.name, entity) is None:
            raise NotFound


def _refuse(faults: Iterable[Fault], within: str = "") -> None:
    """Raise Invalid if there are any."""
    errors = [{"pointer": f"{within}{pointer}", "detail": detail} for pointer, detail in faults]
    if errors:
        raise Invalid(errors=errors)


def _present(kind: Kind[F], loaded: Loaded) -> tuple[F, bytes]:
    """What it is, and its state; NotFound when it is deleted."""
    assert loaded.state is not None
    facts = kind.read(loaded.state)
    if facts is None:
        raise NotFound
    return facts, loaded.state
