"""What departments, categories and weight rules name must exist."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg

from libs.service.problems import Invalid
from services.routing.domain.kinds import ADMINISTRATOR, CATEGORY, DEPARTMENT, PROJECT
from services.routing.store import organisation

Fields = dict[str, Any]
"""Fields of an entity, as far as a request names them."""


async def check_references(pool: asyncpg.Pool, fields: Fields) -> None:
    """Raise Invalid with a pointer to each reference that leads nowhere."""
    named = list(_references(fields))
    kinds = {kind for kind, _, _ in named}
    unknown = {kind: await organisation.unknown(pool, kind, [i for k, i, _ in named if k == kind]) for kind in kinds}
    faults = [
        {"pointer": pointer, "detail": f"There is no such {kind}"} for kind, i, pointer in named if i in unknown[kind]
    ]
    if faults:
        raise Invalid(errors=faults)


def _references(fields: Fields) -> Iterator[tuple[str, UUID, str]]:
    """Kind and id of each, and the pointer to it."""
    for name, kind in _FIELDS.items():
        if found := fields.get(name):
            yield kind, found, f"/{name}"
    for at, member in enumerate(fields.get("member_ids", ())):
        yield ADMINISTRATOR, member, f"/member_ids/{at}"
    for at, category in enumerate(fields.get("conditions", {}).get("category_ids") or ()):
        yield CATEGORY.name, category, f"/conditions/category_ids/{at}"


_FIELDS = {"head_id": ADMINISTRATOR, "default_department_id": DEPARTMENT.name, "project_id": PROJECT}
