"""What sla takes in: departments, and of tickets who waits since when, and where."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from libs.events import ticket_places
from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.intake import (
    ClientReplied,
    TicketAnswered,
    TicketClosed,
    TicketDeleted,
    TicketOpened,
    TicketRouted,
    TicketTransferred,
)
from libs.events.catalogue.routing import DepartmentChanged, DepartmentCreated, DepartmentFacts
from libs.events.commands import caused_by
from libs.events.envelope import Event
from libs.events.log import Key
from libs.events.projection import Connection
from services.sla.deadlines import Deadlines
from services.sla.judging import Judge, Occasion
from services.sla.store import register
from services.sla.store.register import Begun, Ended, Placed

_TICKETS = (
    TicketOpened,
    ClientReplied,
    TicketAnswered,
    TicketClosed,
    TicketDeleted,
    TicketRouted,
    TicketTransferred,
)
_MATTERS = frozenset(event.TYPE for event in (*_TICKETS, DepartmentCreated, DepartmentChanged))
_TO_JUDGE = frozenset(event.TYPE for event in _TICKETS)


class Register:
    """The projection: departments, waits and placements. Nothing in it depends on two sources at once.

    The accounts are followed for the keys that tokens are checked with.
    """

    sources = ("accounts", "intake", "routing")
    version = 3
    tables = Path(__file__).parent / "projection.sql"

    async def fold(self, connection: Connection, events: Sequence[Event]) -> None:
        begun, ended, placed = list[Begun](), list[Ended](), list[Placed]()
        for event in events:
            if event.type not in _MATTERS:
                continue
            entity = UUID(event.entity)
            match CATALOGUE.read(event):
                case TicketOpened(waiting_since=since) | ClientReplied(waiting_since=since) if since:
                    begun.append(Begun(entity, since, event.version))
                case TicketAnswered() | TicketClosed() | TicketDeleted():
                    ended.append(Ended(entity, event.time, event.version))
                case TicketRouted(department_id=department) | TicketTransferred(department_id=department):
                    placed.append(Placed(entity, event.time, event.version, department))
                case DepartmentFacts(name=name):
                    await register.keep_department(connection, entity, name)
        await register.keep_waits(connection, begun, ended)
        await register.keep_placements(connection, placed)
        await ticket_places.fold(connection, events)


class Decisions:
    """The decider: each ticket of which something has become known is judged."""

    def __init__(self, judge: Judge, deadlines: Deadlines) -> None:
        self._judge = judge
        self._deadlines = deadlines

    async def decide(self, connection: Connection, events: Sequence[Event]) -> int | None:
        last = {UUID(event.entity): event for event in events if event.type in _TO_JUDGE}
        occasions = {
            ticket: Occasion(caused_by(event, "sla"), Key(f"decision:{event.id}:judged"))
            for ticket, event in last.items()
        }
        return await self._judge.judge(connection, occasions) if occasions else None

    async def progress(
        self,
        connection: Connection,  # noqa: ARG002 - what falls due is said in transactions of its own
        source: str,
        instant: datetime,
    ) -> int | None:
        if source == "intake":
            self._deadlines.intake_complete(instant)
        return None
