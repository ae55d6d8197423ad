"""A department's response target, with all its changes."""

from datetime import datetime
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict

from libs.events.catalogue.base import EventData
from libs.events.catalogue.sla import TargetChanged

DEFAULT_SHARE = 0.8


class TargetChange(BaseModel):
    """From `at` on an answer is due after so many working seconds; None is no target."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    response_seconds: int | None
    warning_share: float


class Target(BaseModel):
    """Every change of a department's target, oldest first; before the first one there was none."""

    model_config = ConfigDict(frozen=True)

    department_id: UUID
    changes: tuple[TargetChange, ...] = ()

    @property
    def version(self) -> int:
        return len(self.changes)

    @property
    def response_seconds(self) -> int | None:
        return self.changes[-1].response_seconds if self.changes else None

    @property
    def warning_share(self) -> float:
        return self.changes[-1].warning_share if self.changes else DEFAULT_SHARE


def target_id(department_id: UUID) -> UUID:
    return uuid5(department_id, "target")


def change_target(target: Target, response_seconds: int | None, warning_share: float) -> list[EventData]:
    """The change; nothing if this is the target already."""
    if (response_seconds, warning_share) == (target.response_seconds, target.warning_share):
        return []
    return [
        TargetChanged(
            department_id=target.department_id, response_seconds=response_seconds, warning_share=warning_share
        )
    ]


def evolve(target: Target, event: EventData, time: datetime) -> Target:
    match event:
        case TargetChanged(response_seconds=seconds, warning_share=share):
            change = TargetChange(at=time, response_seconds=seconds, warning_share=share)
            return target.model_copy(update={"changes": (*target.changes, change)})
    return target
