"""The administrators, and the departments that they belong to and head."""

from collections import defaultdict
from uuid import UUID

from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.accounts import AdministratorChanged, AdministratorCreated, AdministratorFacts
from libs.events.catalogue.routing import DepartmentChanged, DepartmentCreated, DepartmentFacts
from libs.events.envelope import Event
from libs.events.log import Executor
from libs.service.rights import Right, Role, Staff

TYPES = {model.TYPE for model in (AdministratorCreated, AdministratorChanged, DepartmentCreated, DepartmentChanged)}
TABLES = """
create table staff (id uuid primary key, role text not null, rights text[] not null, enabled boolean not null);
create table staff_departments (id uuid primary key, head_id uuid, member_ids uuid[] not null);
"""


async def fold(connection: Executor, event: Event) -> None:
    entity = UUID(event.entity)
    match CATALOGUE.read(event):
        case AdministratorFacts() as one:
            await connection.execute(_KEEP_STAFF, entity, one.role, list(one.rights), one.enabled)
        case DepartmentFacts() as department:
            await connection.execute(_KEEP_DEPARTMENT, entity, department.head_id, department.member_ids)


async def all_staff(executor: Executor) -> dict[UUID, Staff]:
    """Everybody's rights, by the administrator's id."""
    headed, joined = defaultdict[UUID, set[UUID]](set), defaultdict[UUID, set[UUID]](set)
    for row in await executor.fetch("select id, head_id, member_ids from staff_departments"):
        headed[row["head_id"]].add(row["id"])
        for member in row["member_ids"]:
            joined[member].add(row["id"])
    return {
        row["id"]: Staff(
            id=row["id"],
            role=Role(row["role"]),
            extra=frozenset(map(Right, row["rights"])),
            enabled=row["enabled"],
            departments=frozenset(joined[row["id"]]),
            headed=frozenset(headed[row["id"]]),
        )
        for row in await executor.fetch("select id, role, rights, enabled from staff")
    }


_KEEP_STAFF = """
insert into staff (id, role, rights, enabled) values ($1, $2, $3, $4)
on conflict (id) do update set role = $2, rights = $3, enabled = $4
"""
_KEEP_DEPARTMENT = """
insert into staff_departments (id, head_id, member_ids) values ($1, $2, $3)
on conflict (id) do update set head_id = $2, member_ids = $3
"""
