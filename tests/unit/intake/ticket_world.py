"""A ticket with a clock, for tests of what may be done to it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from libs.events.catalogue.intake import TicketOpened, Urgency
from services.intake.domain import blocking, writing
from services.intake.domain.by_time import AutoClose, ByTime
from services.intake.domain.ticket import Ticket, open_ticket
from services.intake.domain.turn import Change, Turn

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
LEASE = timedelta(seconds=90)
ANN, BOB, CLIENT = uuid4(), uuid4(), uuid4()


class World:
    """A ticket with a clock; each act is decided on what the acts before it made."""

    def __init__(self, *, by_client: bool = True, auto_close: AutoClose | None = None) -> None:
        self.by_time = ByTime(uuid4, auto_close)
        self.now = NINE
        opened = TicketOpened(
            number=1001,
            subject="s",
            account_id=uuid4(),
            user_id=CLIENT,
            category_id=uuid4(),
            urgency=Urgency.LOW,
            message_id=uuid4(),
            text="t",
            waiting_since=NINE if by_client else None,
        )
        self.ticket = open_ticket(opened)
        self.version = 1
        self.told: list[str] = []
        self.due_at: datetime | None = None

    def turn(self) -> Turn:
        return Turn(self.ticket, self.version, self.now, self.by_time, self.due_at)

    def take(self, change: Change) -> "World":
        self.ticket = Ticket.model_validate_json(change.ticket.model_dump_json(exclude_defaults=True))
        self.due_at = change.due_at
        self.version += len(change.events)
        self.told += [event.data.TYPE.split(".")[1] for event in change.events]
        if change.events:
            self.last: Any = change.events[-1].data
        self.times = [event.time for event in change.events]
        return self

    def fall_due(self) -> "World":
        """Let the next thing happen that comes by time."""
        assert self.due_at is not None
        return self.take(Turn(self.ticket, self.version, self.due_at, self.by_time, self.due_at).done())

    def later(self, seconds: float) -> "World":
        self.now += timedelta(seconds=seconds)
        return self

    def block(self, who: UUID) -> int:
        self.take(blocking.take_block(self.turn(), who, self.now + LEASE))
        assert self.ticket.block is not None
        return self.ticket.block.token

    def release(self, who: UUID, token: int) -> "World":
        return self.take(blocking.release_block(self.turn(), who, token))

    def answer(self, who: UUID, token: int, *, and_close: bool = False) -> "World":
        return self.take(writing.answer(self.turn(), who, token, uuid4(), "text", and_close=and_close))

    def reply(self) -> "World":
        return self.take(writing.reply(self.turn(), CLIENT, uuid4(), "text"))
