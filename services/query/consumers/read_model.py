"""The projection: what query keeps of the others' events."""

from collections.abc import Sequence
from pathlib import Path

from libs.events.envelope import Event
from libs.events.identities import staff
from libs.events.projection import Connection
from services.query.consumers import calendars, changes, lookups
from services.query.consumers.tickets import TicketBatch


class ReadModel:
    """Tickets, and the names and calendars that their rows are shown with.

    A rebuild reads the sources in this order: tickets come last, so that each enters the indexes of active tickets once.
    """

    sources: Sequence[str] = ("accounts", "routing", "sla", "notify", "intake")
    version = 14
    tables = Path(__file__).parent.parent / "projection.sql"

    async def fold(self, connection: Connection, events: Sequence[Event]) -> None:
        about_tickets = [event for event in events if event.type.startswith("ticket.")]
        if len(about_tickets) < len(events):
            named = await lookups.fold(connection, events)
            timed = await calendars.fold(connection, events)
            told = [changes.REFRESH] if named or timed else []
            if any(event.type in staff.TYPES for event in events):
                told.append(changes.RIGHTS)
            if told:
                await changes.tell(connection, told)
        if about_tickets:
            batch = TicketBatch()
            await batch.load(connection, about_tickets)
            batch.apply(about_tickets)
            await batch.look_up(connection)
            await batch.write(connection)
