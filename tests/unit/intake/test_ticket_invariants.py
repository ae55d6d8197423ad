"""Whatever anybody does in whatever order, a ticket stays what a ticket is."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from libs.events.catalogue.intake import (
    AutoCloseWarned,
    ClientReplied,
    CloseReason,
    Property,
    TicketAnswered,
    TicketBlocked,
    TicketClosed,
    TicketRouted,
    TicketTransferred,
    TicketUnblocked,
    Urgency,
)
from libs.events.catalogue.routing import DepartmentDecided
from libs.service.problems import Problem
from services.intake.domain import blocking, lifecycle, properties, writing
from services.intake.domain.by_time import AutoClose
from services.intake.domain.properties import Assignee, Destination
from services.intake.domain.ticket import ByHand, Status
from services.intake.domain.turn import Change, Turn
from services.intake.problems import TicketGone
from tests.unit.intake.ticket_world import ANN, BOB, CLIENT, LEASE, World

MINUTE = timedelta(minutes=1)
PLACES = [uuid4() for _ in range(3)]
CATEGORIES = [uuid4() for _ in range(2)]

administrators = st.sampled_from([ANN, BOB])
places = st.sampled_from(PLACES)
tokens = st.integers(-1, 1)
"""From the present token on."""


class TicketMachine(RuleBasedStateMachine):
    """Two administrators, the client, the rules and the clock take turns. What is refused must change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.unanswered: datetime | None = None
        """Of the oldest message of the client's that has not been answered: kept beside the domain, as its oracle."""
        self.holder: UUID | None = None
        self.tokens: list[int] = []
        self.by_hand: UUID | None = None
        self.times: list[datetime] = []

    @initialize(by_client=st.booleans(), warning=st.sampled_from([None, 0, 5]))
    def open(self, by_client: bool, warning: int | None) -> None:  # noqa: FBT001 - drawn
        auto_close = None if warning is None else AutoClose(20 * MINUTE, warning * MINUTE, "{closes_on}")
        self.world = World(by_client=by_client, auto_close=auto_close)
        self.unanswered = self.world.now if by_client else None

    # --- what anybody does ------------------------------------------------------------------------

    def do(self, decide: Any) -> None:
        try:
            change: Change = decide(self.world.turn())
        except Problem:
            return
        self.follow(change)

    def follow(self, change: Change) -> None:
        for event in change.events:
            at = event.time or self.world.now
            assert not self.times or self.times[-1] <= at <= self.world.now, "told in the order of its time"
            self.times.append(at)
            self.take_note(event.data, at)
        self.world.take(change)

    def take_note(self, data: Any, at: datetime) -> None:
        """What an event means, in the oracle's own words."""
        match data:
            case ClientReplied():
                self.unanswered = self.unanswered or at
                assert data.waiting_since == self.unanswered
            case TicketAnswered():
                assert self.holder == data.author_id, "only under the own block"
                self.unanswered = None
            case TicketBlocked():
                assert self.holder is None, "one holder"
                assert all(token < data.token for token in self.tokens), "tokens grow"
                self.tokens.append(data.token)
                self.holder = data.holder_id
            case TicketUnblocked():
                assert (self.holder, self.tokens[-1]) == (data.holder_id, data.token)
                self.holder = None
            case TicketClosed():
                assert data.reason is CloseReason.BY_HAND or (self.holder, self.unanswered) == (None, None)
                self.unanswered = None
            case AutoCloseWarned():
                assert (self.holder, self.unanswered) == (None, None)
            case TicketTransferred():
                self.by_hand = data.department_id
            case TicketRouted():
                assert self.by_hand is None, "what was chosen by hand, no rule changes back"

    @rule(who=administrators)
    def begin_to_write(self, who: UUID) -> None:
        self.do(lambda turn: blocking.take_block(turn, who, turn.now + LEASE))

    @rule(who=administrators, token=tokens)
    def go_on_writing(self, who: UUID, token: int) -> None:
        self.do(lambda turn: blocking.renew_block(turn, who, self.token(token), turn.now + LEASE))

    @rule(who=administrators, token=tokens)
    def give_up(self, who: UUID, token: int) -> None:
        self.do(lambda turn: blocking.release_block(turn, who, self.token(token)))

    @rule()
    def take_the_block_away(self) -> None:
        self.do(blocking.unblock)

    @rule(who=administrators, token=tokens, and_close=st.booleans())
    def answer(self, who: UUID, token: int, and_close: bool) -> None:  # noqa: FBT001 - drawn
        self.do(lambda turn: writing.answer(turn, who, self.token(token), uuid4(), "text", and_close=and_close))

    @rule(who=administrators, token=st.none() | tokens)
    def note(self, who: UUID, token: int | None) -> None:
        held = None if token is None else self.token(token)
        self.do(lambda turn: writing.note(turn, who, uuid4(), "text", token=held))

    @rule()
    def reply(self) -> None:
        self.do(lambda turn: writing.reply(turn, CLIENT, uuid4(), "text"))

    @rule(who=administrators)
    def open_the_messages(self, who: UUID) -> None:
        self.do(lambda turn: writing.read(turn, who))
        self.do(lambda turn: writing.read_answer(turn, CLIENT))

    @rule(who=st.none() | administrators)
    def close(self, who: UUID | None) -> None:
        self.do(lambda turn: lifecycle.close(turn, who))

    @rule()
    def reopen(self) -> None:
        self.do(lifecycle.reopen)

    @rule(who=administrators, place=places)
    def transfer(self, who: UUID, place: UUID) -> None:
        self.do(lambda turn: properties.transfer(turn, who, Destination(place, is_open=True)))

    @rule(who=administrators)
    def take(self, who: UUID) -> None:
        self.do(lambda turn: properties.take(turn, who))

    @rule()
    def give_back(self) -> None:
        self.do(lambda turn: properties.assign(turn, None))

    @rule()
    def assign_to_somebody_unknown(self) -> None:
        self.do(lambda turn: properties.assign(turn, Assignee(uuid4(), None)))

    @rule(category=st.sampled_from(CATEGORIES), urgency=st.sampled_from(Urgency))
    def edit(self, category: UUID, urgency: Urgency) -> None:
        wanted = {Property.CATEGORY: category, Property.URGENCY: urgency}
        self.do(lambda turn: properties.edit(turn, wanted, "subject"))

    @rule(place=places, who=st.none() | administrators, age=st.integers(0, 3))
    def decide_by_rule(self, place: UUID, who: UUID | None, age: int) -> None:
        version = max(1, self.world.version - age)
        decided = DepartmentDecided(department_id=place, responsible_id=who, judged_version=version)
        self.do(lambda turn: properties.adopt(turn, decided, uuid4()))

    # --- time -------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([1, 30, 89, 90, 91, 600, 1800]))
    def time_passes(self, seconds: int) -> None:
        self.world.later(seconds)

    @precondition(lambda self: self.world.due_at is not None and self.world.due_at <= self.world.now)
    @rule()
    def what_is_due_is_noticed(self) -> None:
        world = self.world
        assert world.due_at is not None
        self.follow(Turn(world.ticket, world.version, world.due_at, world.by_time, world.due_at).done())

    @rule()
    def delete(self) -> None:
        """Rarely, or there would be little left to see."""
        if self.world.version % 7 == 0:
            self.do(lifecycle.delete)

    # --- what always holds ------------------------------------------------------------------------

    @invariant()
    def waits_only_for_an_answer(self) -> None:
        ticket = self.world.ticket
        if ticket.status is Status.DELETED:
            return
        assert ticket.waiting_since == self.unanswered
        assert ticket.is_open or ticket.waiting_since is None

    @invariant()
    def has_one_holder_and_only_while_open(self) -> None:
        ticket = self.world.ticket
        if ticket.status is Status.DELETED:
            return
        assert (ticket.block.holder_id if ticket.block else None) == self.holder
        assert ticket.last_token == max(self.tokens, default=0)
        assert ticket.is_open or ticket.block is None

    @invariant()
    def something_is_due_as_long_as_something_can_happen_by_time(self) -> None:
        ticket, due_at = self.world.ticket, self.world.due_at
        assert (due_at is None) == (self.world.by_time.next_due(ticket) is None)
        assert ticket.block is None or due_at == ticket.block.expires_at
        assert ticket.answered_at is None or (ticket.is_open and ticket.waiting_since is None)

    @invariant()
    def keeps_what_was_chosen_by_hand(self) -> None:
        if self.by_hand is not None:
            assert self.world.ticket.department_id == self.by_hand
            assert ByHand.DEPARTMENT in self.world.ticket.by_hand

    @invariant()
    def nothing_happens_to_it_once_it_is_deleted(self) -> None:
        if self.world.ticket.status is not Status.DELETED:
            return
        assert self.world.due_at is None
        assert self.world.told[-1] == "deleted"
        try:
            self.world.turn()
        except TicketGone:
            return
        raise AssertionError("a turn at a deleted ticket")

    def token(self, offset: int) -> int:
        return self.world.ticket.last_token + offset


TestTicket = TicketMachine.TestCase
TestTicket.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
