"""What a client may ask for of the list of the own account's tickets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import TypeAdapter

from libs.service.http import CursorInstant, CursorPosition, decode_cursor, encode_cursor
from libs.service.problems import Invalid
from services.query.domain.orders import State

__all__ = ["End", "Request", "Sort", "State", "after"]

Sort = Literal["activity", "number"]
"""By when something last happened that the account's users may know of, or by number; the latest first."""


@dataclass(frozen=True, slots=True)
class End:
    """The last row of a page."""

    sort: Sort
    active_at: datetime
    number: int

    def cursor(self) -> str:
        return encode_cursor([self.sort, self.active_at, self.number])


@dataclass(frozen=True, slots=True)
class Request:
    sort: Sort
    state: State
    project_id: UUID | None
    limit: int
    end: End | None = None


_CURSOR: TypeAdapter[tuple[Sort, datetime, int]] = TypeAdapter(tuple[Sort, CursorInstant, CursorPosition])


def after(cursor: str | None, sort: Sort) -> End | None:
    """Where a page begins; Invalid when the cursor is of a list in another order."""
    if cursor is None:
        return None
    end = End(*decode_cursor(cursor, _CURSOR))
    if end.sort != sort:
        raise Invalid.at("query/cursor", "This is a cursor of a list in another order")
    return end
