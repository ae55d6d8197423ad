"""Telling something about a person that leaves their facts as they are."""

import orjson

from libs.events.catalogue.base import EventData
from libs.events.commands import Decision, execute
from libs.events.envelope import Cause
from libs.events.log import Executor, Loaded, Log, NewEvent
from libs.service.problems import Problem
from services.accounts.domain.persons import Person


async def tell(log: Log, connection: Executor, person: Person, data: EventData, cause: Cause, refusal: Problem) -> None:
    """Append an event; the refusal if they are not enabled. They stay as they are until the transaction ends."""

    def decide(loaded: Loaded) -> Decision:
        assert loaded.state is not None
        if not orjson.loads(loaded.state).get("enabled", False):
            raise refusal
        return Decision([NewEvent(data)], loaded.state)

    await execute(log, person.id, person.kind, decide, cause, executor=connection)
