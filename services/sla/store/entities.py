"""How sla's own entities are written down: hours, targets, and what was said of tickets."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from libs.events.catalogue.sla import CalendarCompiled
from libs.events.commands import Decision
from libs.events.log import Loaded, NewEvent
from services.sla.domain.hours import Hours, compile_again_at
from services.sla.domain.target import Target
from services.sla.domain.target_list import TargetList
from services.sla.domain.ticket import Said

HOURS = "working_hours"
TARGET = "target"
TARGET_LIST = "target_list"
TICKET = "ticket"


def hours_of(loaded: Loaded, department_id: UUID) -> Hours:
    return Hours.model_validate_json(loaded.state) if loaded.state else Hours(department_id=department_id)


def target_of(loaded: Loaded, department_id: UUID) -> Target:
    return Target.model_validate_json(loaded.state) if loaded.state else Target(department_id=department_id)


def target_list_of(loaded: Loaded) -> TargetList:
    return TargetList.model_validate_json(loaded.state) if loaded.state else TargetList()


def said_of(loaded: Loaded) -> Said:
    return Said.model_validate_json(loaded.state) if loaded.state else Said()


def written_hours(hours: Hours, events: Sequence[NewEvent], now: datetime) -> Decision:
    """Hours come up again when the table among the events, their last one, has to be followed by the next."""
    table = events[-1].data if events else None
    due_at = compile_again_at(table, now) if isinstance(table, CalendarCompiled) else None
    return Decision(events, hours.model_dump_json().encode(), due_at)


async def due_hours(pool: asyncpg.Pool, now: datetime) -> list[tuple[UUID, datetime]]:
    rows = await pool.fetch("select id, due_at from entities where kind = $1 and due_at <= $2", HOURS, now)
    return [(row["id"], row["due_at"]) for row in rows]
