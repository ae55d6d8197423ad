"""The shapes of what query answers. They are for the documentation: PostgreSQL builds the JSON itself."""

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from libs.service.http import CONSISTENCY_PATTERN
from libs.service.rights import Right
from services.query.domain.columns import Column
from services.query.domain.mine import Sort as MySort
from services.query.domain.orders import Filters, Instant, Order, Sort, State

_ID = "01980000-0000-7000-8000-00000000000"


class Named(BaseModel):
    """Something with a name; null while it has not been heard of."""

    model_config = ConfigDict(json_schema_extra={"example": {"id": f"{_ID}1", "name": "Sam Staff"}})

    id: UUID
    name: str | None


class Account(Named):
    """A customer of the provider."""

    attitude: Literal["good", "neutral", "bad"] | None
    group: Named | None


class Block(BaseModel):
    """The lock an administrator holds while writing the answer."""

    holder: Named
    since: AwareDatetime


class _Listed(BaseModel):
    """What everybody sees of a ticket in lists."""

    id: UUID
    number: int = Field(description="What people call the ticket: short, unique, never reused")
    subject: str
    user: Named
    project: Named | None
    category: Named
    urgency: Literal["high", "medium", "low"]
    channel: Literal["panel", "email", "api"]
    waiting_since: AwareDatetime | None = Field(description="The oldest message that has not been answered")
    opened_at: AwareDatetime
    last_activity_at: AwareDatetime = Field(
        description="When something last happened that the account's users may know"
    )
    closes_at: AwareDatetime | None = Field(description="When it will be closed unless the client writes")
    closed_at: AwareDatetime | None
    close_reason: Literal["by_hand", "no_answer"] | None
    state: Literal["active", "closed"]


class ClientsTicket(_Listed):
    """A ticket as its account's users see it in lists."""

    unread_answers: int = Field(description="Answers that nobody of the account has opened")


class Ticket(_Listed):
    """A ticket as administrators see it in lists, at one instant."""

    account: Account
    weight: int = Field(description="Points, and a point for each whole minute waiting")
    points: int
    delay_seconds: int | None = Field(description="How long it has waited; null if it does not wait")
    remaining_seconds: int | None = Field(
        description="Working time left until the deadline, below zero once overdue; null without a deadline"
    )
    deadline_at: AwareDatetime | None
    overdue: bool
    responsible: Named | None = Field(description="Null: the department, until somebody takes it")
    department: Named | None
    tags: list[str]
    unread: bool = Field(description="There is a client's message that no administrator has opened")
    block: Block | None


class Attachment(BaseModel):
    """A file that came with a message. Its content is intake's to hand out."""

    id: UUID
    name: str
    content_type: str
    size: int = Field(description="Bytes")


class Rating(BaseModel):
    """What a user thinks of an answer, from 1 (bad) to 5 (good)."""

    rating: int = Field(ge=1, le=5)
    comment: str | None
    user: Named
    at: AwareDatetime


class Written(BaseModel):
    """What somebody wrote; `system` has no author. Clients never see a note."""

    id: UUID
    kind: Literal["client", "staff", "note", "system"]
    author: Named | None
    acted_by: Named | None = Field(description="The administrator who wrote it, acting as the author")
    channel: Literal["panel", "email", "api"] | None
    at: AwareDatetime
    text: str = Field(description="Markdown, as it was written")
    attachments: list[Attachment]
    rating: Rating | None


class Message(Written):
    """A message as it is shown."""

    html: str = Field(description="The text as HTML that is safe to show: no images, no raw HTML, links to elsewhere")


class Rule(BaseModel):
    """One rule's part in the weight."""

    rule_id: UUID
    name: str
    points: int


_FINAL = "Only with `as_of`: whether nothing can change this answer any more but a deletion"


class Details(Ticket):
    """A ticket with its messages. `version` is what an edit is based on (If-Match); null of the past.

    `block_expires_at` is not kept of the past, and null.
    """

    version: int | None
    breakdown: list[Rule]
    target_seconds: int | None
    used_seconds: float | None = Field(description="Working time used before the present department, hours and target")
    block_expires_at: AwareDatetime | None
    rights: list[Right] = Field(description="What whoever asks may do to it now; none of the past, or for systems")
    messages: list[Message]
    as_of: AwareDatetime | None = Field(None, description="Only with `as_of`")
    final: bool | None = Field(None, description=_FINAL)


class ClientsDetails(ClientsTicket):
    """A client's own ticket with its messages."""

    version: int
    messages: list[Message]


class TicketPage(BaseModel):
    """A page of the list. All pages that follow it are of the same instant."""

    items: list[Ticket]
    next_cursor: str | None
    as_of: AwareDatetime
    final: bool | None = Field(None, description=_FINAL)


class ClientsPage(BaseModel):
    items: list[ClientsTicket]
    next_cursor: str | None


class ExportedTicket(ClientsTicket):
    tags: list[str]
    messages: list[Written]


class Export(BaseModel):
    """What is kept of an account's tickets."""

    account: Account
    exported_at: AwareDatetime
    with_notes: bool
    tickets: list[ExportedTicket]


class Me(BaseModel):
    """A client, as the user panel shows it."""

    account: Named
    user: Named
    acting: Named | None = Field(description="The administrator who acts as the user")


class Weight(BaseModel):
    """What a ticket's weight is made of."""

    weight: int
    points: int
    minutes_waiting: int
    rules: list[Rule]
    as_of: AwareDatetime | None = Field(None, description="Only with `as_of`")
    final: bool | None = Field(None, description=_FINAL)


class Change(BaseModel):
    """A property's former and present value; the ids of people and things are named by the page."""

    before: Any = Field(alias="from")
    now: Any = Field(alias="to")


class Entry(BaseModel):
    """Something that happened to a ticket: an event's type, who did it, for whom, and its facts but for texts.

    To clients, `actor` is `staff` or `system` where it does not matter to them who that was, and `changes` are empty.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": f"{_ID}9",
                "type": "ticket.transferred.v1",
                "at": "2026-01-05T09:00:00.000000Z",
                "actor": f"user:{_ID}1",
                "on_behalf_of": None,
                "facts": {"department_id": f"{_ID}3"},
                "changes": {"department_id": {"from": f"{_ID}2", "to": f"{_ID}3"}},
            }
        }
    )

    id: UUID
    type: str
    at: AwareDatetime
    actor: str = Field(description="`user:<id>`, `system:<key>`, `service:<name>`")
    on_behalf_of: str | None
    facts: dict[str, Any]
    changes: dict[str, Change] = Field(description="What changed, from what to what")


class HistoryPage(BaseModel):
    """What happened, in its order. `names` are those of people and things that the items mention by id."""

    items: list[Entry]
    names: dict[UUID, str]
    next_cursor: str | None
    as_of: AwareDatetime | None = Field(None, description="Only with `as_of`")
    final: bool | None = Field(None, description=_FINAL)


# --- what is asked ----------------------------------------------------------------------------


class Consistently(BaseModel):
    """How recent the answer has to be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: str | None = Field(
        None,
        description="A Consistency-Token: wait a moment until that fact is in the answer",
        max_length=200,
        json_schema_extra={"pattern": CONSISTENCY_PATTERN},
    )
    settled: bool = Field(False, description="With a token: wait also until routing and sla have judged that fact")


class Paged(Consistently):
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=1000, description="`next_cursor` of the page before")


class Then(BaseModel):
    """Whether what is asked for is the past."""

    as_of: Instant | None = Field(
        None,
        description="As it was at this instant, for the staff; nothing after the present one is taken",
        json_schema_extra={"example": "2026-01-05T09:00:00Z"},
    )


class AtAnyTime(Consistently, Then):
    """One ticket, as it is or as it was."""


class HistoryParameters(Paged, Then):
    """What happened, or had happened by then."""


class Filtered(Filters):
    """Filters among other parameters."""

    @property
    def asked(self) -> Filters:
        """The filters alone, and which of them are named."""
        named = self.model_fields_set & Filters.model_fields.keys()
        return Filters.model_construct(
            _fields_set=named, **{name: getattr(self, name) for name in Filters.model_fields}
        )


class CountingUsual(BaseModel):
    """Whether the lists that everybody has are counted beside one's views."""

    usual: bool = Field(
        False,
        description="With them the lists `active`, `mine`, `nobodys`, `unread`, `overdue` and `blocked`, by these names",
    )


class CountParameters(Consistently, CountingUsual, Filtered):
    """What narrows all of one's views."""


class Viewed(Filtered):
    """Filters, or a named view that they narrow further."""

    view: UUID | None = Field(
        None, description="A named view: its filters and order, narrowed by whatever else is asked"
    )


class LiveParameters(CountingUsual, Viewed):
    """What of the tickets that one sees one is told of."""

    counts: bool = Field(
        False, description="Also how many tickets each of one's views has, of `account_id` if it is given"
    )


class Ordered(Viewed):
    """A list in its order."""

    sort: Sort = Field(
        "weight",
        description="A column: names and subjects without case and accents, urgency from low to high, attitude from bad"
        " to good, `blocked` by since when. Rows with nothing to sort by come last",
    )
    order: Order | None = Field(None, description="Unless given, what needs attention first; names ascend, ids descend")


class ListParameters(Paged, Then, Ordered):
    """A list, whose filters and order the cursor of a page does not repeat."""


class ExportParameters(Consistently, Then, Ordered):
    """A list as a file."""

    format: Literal["csv", "json"] = "csv"
    columns: tuple[Column, ...] = Field(
        (), max_length=60, description="Of a CSV: those of the view, or all, if left out"
    )


class ClientsParameters(Paged):
    state: State = State.ACTIVE
    project_id: UUID | None = None
    sort: MySort = Field("activity", description="The latest first, by activity or by number")
