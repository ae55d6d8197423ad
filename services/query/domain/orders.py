"""What a list may be asked for, and where one of its pages ends."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
)

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Channel, Urgency
from libs.service.http import CursorInstant, decode_cursor, encode_cursor
from libs.service.problems import Invalid
from libs.service.text import NotBlank, Storable
from services.query.domain.collation import LONGEST
from services.query.domain.personal import Which, Whom
from services.query.domain.sight import EVERYTHING, UNPLACED, Sight

Sort = Literal[
    "weight",
    "delay",
    "remaining",
    "id",
    "subject",
    "account",
    "user",
    "responsible",
    "department",
    "project",
    "category",
    "group",
    "attitude",
    "urgency",
    "channel",
    "unread",
    "blocked",
    "opened",
    "activity",
]
Order = Literal["asc", "desc"]
USUAL: dict[Sort, Order] = {
    "weight": "desc",
    "delay": "desc",
    "remaining": "asc",
    "id": "desc",
    "subject": "asc",
    "account": "asc",
    "user": "asc",
    "responsible": "asc",
    "department": "asc",
    "project": "asc",
    "category": "asc",
    "group": "asc",
    "attitude": "desc",
    "urgency": "desc",
    "channel": "asc",
    "unread": "desc",
    "blocked": "asc",
    "opened": "desc",
    "activity": "desc",
}
"""What needs attention first comes first; names from A to Z."""
BUSIEST: frozenset[Sort] = frozenset({"weight", "delay", "remaining", "id"})
"""Orders of which there are indexes for each account, department and responsible as well."""
BY_TEXT: frozenset[Sort] = frozenset(
    {"subject", "account", "user", "responsible", "department", "project", "category", "group"}
)
"""Orders by what something is called."""


class State(StrEnum):
    """Which tickets a list holds."""

    ACTIVE = "active"
    CLOSED = "closed"
    ALL = "all"


_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _written(value: Any) -> Any:
    if isinstance(value, str) and value.removeprefix("-").replace(".", "", 1).isdecimal():
        raise ValueError("Write an instant out, such as 2026-01-05T09:00:00Z")
    return value


def _bounded(instant: datetime) -> datetime:
    """Nothing was opened before these years or will be after them, and PostgreSQL reckons with no others."""
    return min(max(instant, _EARLIEST), _LATEST)


Instant = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_bounded)]
Tag = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=40),
    Storable,
    NotBlank,
]


class Filters(BaseModel):
    """What a ticket must be to be listed; what is left out does not matter.

    It must meet all fields, and of a field that takes several values one. The nil UUID stands for none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: State = State.ACTIVE
    account_id: UUID | None = None
    user_id: Annotated[UUID | None, Field(description="Whom the ticket is of")] = None
    department_id: Annotated[
        tuple[Which, ...],
        Field(
            max_length=200, description="One of these departments; `mine` are one's own, the nil UUID stands for none"
        ),
    ] = ()
    responsible_id: Annotated[
        tuple[Whom, ...],
        Field(max_length=200, description="One of these; `me` is whoever asks, the nil UUID stands for nobody yet"),
    ] = ()
    category_id: Annotated[tuple[UUID, ...], Field(max_length=200, description="One of these categories")] = ()
    project_id: Annotated[
        tuple[UUID, ...], Field(max_length=200, description="One of these projects; the nil UUID stands for none")
    ] = ()
    group_id: Annotated[
        tuple[UUID, ...],
        Field(max_length=200, description="The account is in one of these groups; the nil UUID stands for none"),
    ] = ()
    attitude: Annotated[tuple[Attitude, ...], Field(max_length=3, description="The account is one of these")] = ()
    urgency: Annotated[tuple[Urgency, ...], Field(max_length=3, description="One of these")] = ()
    channel: Annotated[tuple[Channel, ...], Field(max_length=3, description="Submitted in one of these ways")] = ()
    tag: Annotated[tuple[Tag, ...], Field(max_length=20, description="Has one of these tags, or several")] = ()
    unread: Annotated[bool | None, Field(description="There is a client's message that no administrator opened")] = None
    waiting: bool | None = None
    blocked: bool | None = None
    overdue: bool | None = None
    opened_since: Annotated[Instant | None, Field(description="Submitted then or later")] = None
    opened_before: Annotated[Instant | None, Field(description="Submitted earlier than this")] = None
    text: Annotated[
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Storable, NotBlank]
        | None,
        Field(description='Words of messages (`"a phrase"`, `or`, `-without`), part of a subject or name, or a number'),
    ] = None


@dataclass(frozen=True, slots=True)
class End:
    """The last row of a page. Rows of `group` 1 have nothing to be sorted by, and come after all others.

    `as_of` is the instant that the first page was computed for, as are all that follow it; `key` is what the row is
    sorted by at that instant: microseconds, a rank, or a text (the empty one in group 1). `number` is the ticket's, by which
    ties are sorted.
    """

    sort: Sort
    order: Order
    as_of: datetime
    group: int
    key: int | str
    number: int

    def cursor(self) -> str:
        return encode_cursor([self.sort, self.order, self.as_of, self.group, self.key, self.number])


_Integer = Annotated[int, Field(ge=-(2**60), le=2**60)]
_Key = Annotated[str, Field(max_length=LONGEST), Storable]
_CURSOR: TypeAdapter[tuple[Sort, Order, datetime, int, int | str, int]] = TypeAdapter(
    tuple[Sort, Order, CursorInstant, Literal[0, 1], _Integer | _Key, _Integer]
)

BACKWARD: frozenset[tuple[Sort, Order]] = frozenset(
    {(sort, "asc" if sort in {"weight", "delay"} else "desc") for sort in USUAL}
)
"""Against the indexes, which go from the heaviest and oldest on, and from the least of anything else."""


@dataclass(frozen=True, slots=True)
class Request:
    """A page of a list as somebody sees it: `limit` rows after `end`, or the first ones, as of `as_of` or else of now.

    `as_of` is what weights and times are computed for; with `then`, the tickets themselves are as they were at that instant.
    """

    sort: Sort
    order: Order
    filters: Filters
    limit: int
    end: End | None = None
    as_of: datetime | None = None
    sight: Sight = EVERYTHING
    then: datetime | None = None

    @property
    def is_reversed(self) -> bool:
        return (self.sort, self.order) in BACKWARD

    @property
    def places(self) -> list[UUID] | None:
        """The departments (UNPLACED for none) to look in, by what is asked for and what is seen; None: everywhere."""
        seen, asked = self.sight.places, self.filters.department_id
        if seen is None:
            return list(asked) or None
        return [place for place in seen if not asked or place in asked]

    @property
    def is_by_place(self) -> bool:
        """Whether the list is merged from one scan for each of its places: unless something else leaves few tickets."""
        filters = self.filters
        is_narrow = filters.account_id or self.responsible or filters.blocked
        return self.places is not None and not is_narrow and self.sort in BUSIEST and self.then is None

    @property
    def responsible(self) -> tuple[UUID, ...]:
        """Whose tickets alone are asked for; empty if not, or also for those that nobody has taken, which are many."""
        asked = self.filters.responsible_id
        return () if UNPLACED in asked or self.then else asked


def after(cursor: str | None, sort: Sort, order: Order, then: datetime | None = None) -> End | None:
    """Where a page begins; Invalid when the cursor is of a list in another order, or of another instant of the past."""
    if cursor is None:
        return None
    end = End(*decode_cursor(cursor, _CURSOR))
    if (end.sort, end.order) != (sort, order) or isinstance(end.key, str) != (sort in BY_TEXT):
        raise Invalid.at("query/cursor", "This is a cursor of a list in another order")
    if then is not None and end.as_of != then:
        raise Invalid.at("query/cursor", "This is a cursor of a list at another instant")
    return end
