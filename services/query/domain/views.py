"""Named views of the list: what they hold, who sees them, and who may change them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.service.problems import Forbidden, NotFound, PreconditionFailed
from libs.service.rights import Right, Staff
from services.query.domain.columns import Column
from services.query.domain.orders import Filters, Order, Sort


@dataclass(frozen=True, slots=True)
class Sharing:
    """Whom a view is for besides its maker: everybody, or these departments, or nobody."""

    everybody: bool = False
    department_ids: tuple[UUID, ...] = ()

    @property
    def is_private(self) -> bool:
        return not self.everybody and not self.department_ids


@dataclass(frozen=True, slots=True)
class View:
    """Filters, order and columns of the list under a name; `version` counts its changes."""

    id: UUID
    owner: UUID
    name: str
    filters: Filters
    sort: Sort
    order: Order | None
    columns: tuple[Column, ...]
    sharing: Sharing
    created_at: datetime
    changed_at: datetime
    version: int = 1

    def is_meant_for(self, reader: Staff | None) -> bool:
        """Whether it is in the reader's list; None reads for a system, which has what everybody has."""
        if self.sharing.everybody or reader is None:
            return self.sharing.everybody
        return reader.id == self.owner or not reader.sees_departments.isdisjoint(self.sharing.department_ids)

    def may_be_changed_by(self, staff: Staff) -> bool:
        return staff.id == self.owner or (not self.sharing.is_private and _may_share(staff, self.sharing))

    def is_seen_by(self, reader: Staff | None) -> bool:
        return self.is_meant_for(reader) or (reader is not None and self.may_be_changed_by(reader))


def made(view: View, maker: Staff) -> View:
    """The view, if its maker may share it so."""
    _require_to_share(maker, view.sharing)
    return view


def changed(
    view: View | None, staff: Staff, expected: int | None, changes: dict[str, Any], now: datetime
) -> tuple[View, bool]:
    """The view as it is to be, and whether that is another than before.

    Raises NotFound to whoever does not see it, Forbidden to whoever may not change it, PreconditionFailed unless it is at
    the version that is expected.
    """
    view = admitted(view, staff)
    if expected is not None and expected != view.version:
        raise PreconditionFailed
    after = replace(view, **changes)
    _require_to_share(staff, after.sharing)
    is_other = after != view
    return (replace(after, version=view.version + 1, changed_at=now), True) if is_other else (view, False)


def admitted(view: View | None, staff: Staff) -> View:
    """The view, if it is there for this administrator and theirs to change."""
    if view is None or not view.is_seen_by(staff):
        raise NotFound
    if not view.may_be_changed_by(staff):
        raise Forbidden("This view is somebody else's")
    return view


def in_order(views: Iterable[View], wanted: Sequence[UUID]) -> list[View]:
    """As somebody wants to see them; those that they have not placed come after, the oldest first."""
    places = {view: place for place, view in enumerate(wanted)}
    return sorted(views, key=lambda view: (places.get(view.id, len(places)), view.created_at, view.id))


def _may_share(staff: Staff, sharing: Sharing) -> bool:
    return staff.may_share_with(None if sharing.everybody else frozenset(sharing.department_ids))


def _require_to_share(staff: Staff, sharing: Sharing) -> None:
    if not sharing.is_private and not _may_share(staff, sharing):
        raise Forbidden("Heads share views with their own departments", right=Right.MANAGE_SETTINGS)
