"""A ticket as everybody believes it to be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from tests.acceptance.stories.model.hours import Wait
from tests.acceptance.stories.model.people import Account, Administrator, Category, Client, Department, Named

CLOSES_AFTER = timedelta(minutes=40)
"""A ticket closes by itself when the client has not written for so long since an answer."""
WARNED_BEFORE = timedelta(minutes=10)
BLOCK_LASTS = timedelta(seconds=90)

SERVICE = "service:intake"


@dataclass(eq=False)
class Rating:
    stars: int
    user: Client
    at: datetime


@dataclass(eq=False)
class Message:
    """`kind` is client, staff, note, or system, which has no author."""

    kind: Literal["client", "staff", "note", "system"]
    at: datetime
    text: str
    author: Named | None = None
    acted_by: Administrator | None = None
    channel: Literal["panel", "api"] | None = None
    rating: Rating | None = None


@dataclass(frozen=True)
class Happened:
    """An entry of the history."""

    type: str
    at: datetime
    actor: str
    on_behalf_of: str | None


@dataclass(eq=False)
class Block:
    holder: Administrator
    token: int
    since: datetime
    expires: datetime


@dataclass(eq=False)
class Ticket:
    id: str
    number: int
    account: Account
    user: Client
    category: Category
    project: Named | None
    urgency: str
    channel: Literal["panel", "api"]
    subject: str
    opened_at: datetime
    active_at: datetime
    """When something last happened that the client may know of."""

    tags: Sequence[str] = ()
    state: Literal["active", "closed", "deleted"] = "active"
    closed_at: datetime | None = None
    close_reason: str | None = None
    deleted_by: str | None = None

    decided: Department | None = None
    """Where the rules would have it."""
    department: Department | None = None
    by_hand: bool = False
    """Whether somebody has chosen the department, which no rule changes back."""
    placements: list[tuple[datetime, Department]] = field(default_factory=list)
    responsible: Administrator | None = None

    waits: list[Wait] = field(default_factory=list)
    judged_at: datetime | None = None
    """The account counts as it was when the last wait ended; None: as it is now, since the client waits."""
    unread: bool = False
    unread_answers: int = 0

    block: Block | None = None
    tokens: int = 0
    """Of all blocks there were."""
    unblocked_at: datetime | None = None
    answered_at: datetime | None = None
    """The last answer, if it is open and the client has not written since."""
    closes_at: datetime | None = None
    """As the client was told."""

    messages: list[Message] = field(default_factory=list)
    history: list[Happened] = field(default_factory=list)
    drafts: dict[Administrator, str] = field(default_factory=dict)

    @property
    def is_there(self) -> bool:
        return self.state != "deleted"

    @property
    def wait(self) -> Wait | None:
        return self.waits[-1] if self.waits and self.waits[-1].until is None else None

    def tell(self, what: str, at: datetime, actor: str, on_behalf_of: str | None = None) -> None:
        self.history.append(Happened(f"ticket.{what}.v1", at, actor, on_behalf_of))

    # --- what commands and time have in common ----------------------------------------------------

    def begin_to_wait(self, now: datetime) -> None:
        if self.wait is None:
            self.waits.append(Wait(now))
        self.judged_at, self.unread = None, True
        self.answered_at = self.closes_at = None

    def stop_waiting(self, now: datetime) -> None:
        if self.wait is not None:
            self.wait.until = self.judged_at = now

    def go_to(self, department: Department, now: datetime) -> None:
        self.department = department
        self.placements.append((now, department))

    def route(self, now: datetime) -> None:
        """The rules decide by the category, unless that leads nowhere; a person's choice stays."""
        self.decided = self.category.department or self.decided
        if self.decided is not None and self.department is not self.decided and not self.by_hand:
            self.go_to(self.decided, now)
            self.tell("routed", now, SERVICE)

    def end_block(self, at: datetime, actor: str, on_behalf_of: str | None = None) -> None:
        if self.block is not None:
            self.block, self.unblocked_at = None, at
            self.tell("unblocked", at, actor, on_behalf_of)

    def close(self, at: datetime, reason: str) -> None:
        self.stop_waiting(at)
        self.state, self.closed_at, self.close_reason, self.active_at = "closed", at, reason, at
        self.answered_at = self.closes_at = None

    def reopen(self, at: datetime) -> None:
        self.state, self.closed_at, self.close_reason, self.active_at = "active", None, None, at

    # --- time -------------------------------------------------------------------------------------

    def fall_due(self, now: datetime) -> bool:
        """What comes by time alone, each at its own instant; whether there was anything."""
        before = len(self.history)
        while self.is_there and (due := self._next_due()) is not None and due <= now:
            self._happen(due)
        return len(self.history) > before

    def _next_due(self) -> datetime | None:
        """While somebody is writing nothing but the end of that."""
        if self.block is not None:
            return self.block.expires
        if self.answered_at is None:
            return None
        closes = self.answered_at + CLOSES_AFTER
        due = closes - WARNED_BEFORE if self.closes_at is None else max(closes, self.closes_at)
        return max(due, self.unblocked_at or due)

    def _happen(self, at: datetime) -> None:
        if self.block is not None:
            self.end_block(at, SERVICE)
        elif self.closes_at is None:
            self.closes_at, self.active_at = at + WARNED_BEFORE, at
            self.messages.append(Message("system", at, f"Closes on {self.closes_at:%Y-%m-%d %H:%M} UTC."))
            self.tell("auto_close_warned", at, SERVICE)
        else:
            self.close(at, "no_answer")
            self.tell("closed", at, SERVICE)
