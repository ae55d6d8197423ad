"""The provider's targets in their order, with all changes, and which of them is a ticket's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.base import EventData
from libs.events.catalogue.intake import Urgency
from libs.events.catalogue.sla import ListedTarget, TargetListChanged

LIST_ID = uuid5(UUID(int=0), "target-list")
"""There is one list."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a target may ask of a ticket and its account, besides the department; None is not known, or there is none."""

    urgency: Urgency | None = None
    project_id: UUID | None = None
    attitude: Attitude | None = None
    group_id: UUID | None = None


class ListChange(BaseModel):
    """From `at` on these are the targets."""

    model_config = ConfigDict(frozen=True)

    version: int
    at: AwareDatetime
    targets: tuple[ListedTarget, ...]


class TargetList(BaseModel):
    """Every change of the list, oldest first; before the first one it was empty."""

    model_config = ConfigDict(frozen=True)

    changes: tuple[ListChange, ...] = ()

    @property
    def version(self) -> int:
        return len(self.changes)

    @property
    def targets(self) -> tuple[ListedTarget, ...]:
        return self.changes[-1].targets if self.changes else ()

    @property
    def asks_accounts(self) -> bool:
        """Whether any target, also a past one, depends on what accounts tells."""
        return any(one.attitudes or one.group_ids for change in self.changes for one in change.targets)

    @property
    def asks_resolution(self) -> bool:
        return any(one.resolution_seconds is not None for change in self.changes for one in change.targets)


def change_list(targets: TargetList, wanted: Sequence[ListedTarget]) -> list[EventData]:
    """The change; nothing if these are the targets already."""
    if tuple(wanted) == targets.targets:
        return []
    return [TargetListChanged(version=targets.version + 1, targets=list(wanted))]


def evolve(targets: TargetList, event: EventData, time: datetime) -> TargetList:
    match event:
        case TargetListChanged(version=version, targets=listed):
            change = ListChange(version=version, at=time, targets=tuple(listed))
            return TargetList(changes=(*targets.changes, change))
    return targets


def first_match(listed: Sequence[ListedTarget], department: UUID, profile: Profile) -> ListedTarget | None:
    return next((one for one in listed if _matches(one, department, profile)), None)


def _matches(target: ListedTarget, department: UUID, profile: Profile) -> bool:
    return (
        _is_of(target.department_ids, department)
        and _is_of(target.urgencies, profile.urgency)
        and _is_of(target.attitudes, profile.attitude)
        and _is_of(target.group_ids, profile.group_id)
        and _is_of(target.project_ids, profile.project_id)
    )


def _is_of(wanted: Sequence[object] | None, value: object) -> bool:
    return wanted is None or value in wanted
