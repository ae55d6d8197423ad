"""What departments, categories and weight rules name must exist."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from libs.service.problems import Invalid
from services.routing.domain.kinds import CATEGORY, DEPARTMENT
from services.routing.store import organisation

Fields = dict[str, Any]
"""Fields of an entity, as far as a request names them."""

_ADMINISTRATOR = "administrator"


async def check_references(pool: asyncpg.Pool, fields: Fields) -> None:
    """Raise Invalid with a pointer to each reference that leads nowhere."""
    named = list(_references(fields))
    unknown = {kind: await _unknown(pool, kind, [i for k, i, _ in named if k == kind]) for kind, _, _ in named}
    faults = [
        {"pointer": pointer, "detail": f"There is no such {kind}"} for kind, i, pointer in named if i in unknown[kind]
    ]
    if faults:
        raise Invalid(errors=faults)


def _references(fields: Fields) -> Iterator[tuple[str, UUID, str]]:
    """Kind and id of each, and the pointer to it."""
    if head := fields.get("head_id"):
        yield _ADMINISTRATOR, head, "/head_id"
    for at, member in enumerate(fields.get("member_ids", ())):
        yield _ADMINISTRATOR, member, f"/member_ids/{at}"
    if department := fields.get("default_department_id"):
        yield DEPARTMENT.name, department, "/default_department_id"
    for at, category in enumerate(fields.get("conditions", {}).get("category_ids") or ()):
        yield CATEGORY.name, category, f"/conditions/category_ids/{at}"


async def _unknown(pool: asyncpg.Pool, kind: str, ids: Sequence[UUID]) -> set[UUID]:
    if kind == _ADMINISTRATOR:
        return await organisation.unknown_administrators(pool, ids)
    return await organisation.unknown(pool, kind, ids)
