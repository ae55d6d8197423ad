"""What departments, categories and rules name must exist."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from libs.events.catalogue.conditions import Condition, IsInHours, IsNamed, IsTimeOfDay
from services.routing.domain.conditions import leaves
from services.routing.domain.kinds import ADMINISTRATOR, CATEGORY, DEPARTMENT, PROJECT
from services.routing.domain.possible import Fault
from services.routing.store import organisation

Fields = dict[str, Any]
"""Fields of an entity, as far as a request names them."""

Reference = tuple[str, UUID, str]


async def reference_faults(pool: asyncpg.Pool, fields: Fields) -> list[Fault]:
    """Each reference that leads nowhere."""
    named = list(_references(fields))
    kinds = {kind for kind, _, _ in named}
    unknown = {kind: await organisation.unknown(pool, kind, [i for k, i, _ in named if k == kind]) for kind in kinds}
    return [(pointer, f"There is no such {kind}") for kind, i, pointer in named if i in unknown[kind]]


def _references(fields: Fields) -> Iterator[Reference]:
    """Kind and id of each, and the pointer to it."""
    for name, kind in _FIELDS.items():
        if found := fields.get(name):
            yield kind, found, f"/{name}"
    for at, member in enumerate(fields.get("member_ids", ())):
        yield ADMINISTRATOR, member, f"/member_ids/{at}"
    yield from _of_conditions(fields.get("conditions") or {})
    yield from _of_actions(fields.get("then") or {})


def _of_conditions(conditions: Fields) -> Iterator[Reference]:
    if "kind" not in conditions:
        for at, category in enumerate(conditions.get("category_ids") or ()):
            yield CATEGORY.name, category, f"/conditions/category_ids/{at}"
        return
    for path, leaf in leaves(_CONDITION.validate_python(conditions), "/conditions"):
        match leaf:
            case IsNamed(kind=kind, ids=ids):
                for at, named in enumerate(ids):
                    yield kind, named, f"{path}/ids/{at}"
            case IsTimeOfDay(department_id=UUID() as department) | IsInHours(department_id=UUID() as department):
                yield DEPARTMENT.name, department, f"{path}/department_id"


def _of_actions(then: Fields) -> Iterator[Reference]:
    if department := then.get("department_id"):
        yield DEPARTMENT.name, department, "/then/department_id"
    if administrator := (then.get("responsible") or {}).get("administrator_id"):
        yield ADMINISTRATOR, administrator, "/then/responsible/administrator_id"


_CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)
_FIELDS = {"head_id": ADMINISTRATOR, "default_department_id": DEPARTMENT.name, "project_id": PROJECT}
