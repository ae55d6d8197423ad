"""Departments: the teams that tickets go to."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from libs.service.http import CurrentIdempotency, ExpectedVersion, format_etag
from libs.service.problems import NotFound
from libs.service.routes import service_router
from services.routing.api.parts import (
    ON_EDIT,
    ON_ONE,
    Body,
    Cursor,
    Distinct,
    LeftOut,
    Limit,
    Name,
    after_id,
    created,
    cut,
    told,
)
from services.routing.api.rights import Editor, Reader
from services.routing.domain.kinds import DEPARTMENT
from services.routing.runtime import CurrentRouting
from services.routing.store import organisation
from services.routing.store.organisation import Entity

Language = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$", max_length=35)]
Members = Annotated[list[UUID], Field(max_length=1000), Distinct]

_EXAMPLE: JsonDict = {
    "name": "Mail support",
    "language": "en",
    "head_id": "01980000-0000-7000-8000-00000000a003",
    "member_ids": ["01980000-0000-7000-8000-00000000a003"],
    "enabled": True,
}


class NewDepartment(Body):
    """A team; its head and members are administrators."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    name: Name
    language: Language = Field("en", description="BCP 47")
    head_id: UUID | None = None
    member_ids: Members = Field([])
    enabled: bool = Field(True, description="Tickets are routed to enabled departments only")


class DepartmentChange(Body):
    """What is to be different; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"example": {"enabled": False}})

    name: Name = LeftOut
    language: Language = LeftOut
    head_id: UUID | None = None
    member_ids: Members = LeftOut
    enabled: bool = LeftOut


class Department(BaseModel):
    """A department as it is now; `version` is what its ETag says."""

    id: UUID
    version: int
    name: str
    language: str
    head_id: UUID | None
    member_ids: list[UUID]
    enabled: bool

    @classmethod
    def of(cls, entity: Entity) -> Self:
        facts = DEPARTMENT.read(entity.state)
        assert facts is not None
        return cls(id=entity.id, version=entity.version, **facts.model_dump())


class DepartmentPage(BaseModel):
    """Departments in the order in which they were made."""

    items: list[Department]
    next_cursor: str | None


router = service_router("routing", tags=["departments"])


@router.get("/departments", summary="List departments")
async def list_departments(
    routing: CurrentRouting, _: Reader, cursor: Cursor = None, limit: Limit = 50
) -> DepartmentPage:
    found = await organisation.page(routing.pool, DEPARTMENT.name, after_id(cursor), limit + 1)
    items, next_cursor = cut(found, limit, lambda last: last.id)
    return DepartmentPage(items=[Department.of(entity) for entity in items], next_cursor=next_cursor)


@router.post("/departments", summary="Create a department", status_code=201)
async def create_department(
    body: NewDepartment, routing: CurrentRouting, caller: Editor, idempotency: CurrentIdempotency, response: Response
) -> Department:
    outcome = await routing.commands.create(DEPARTMENT, body.model_dump(), caller, idempotency)
    created(response, outcome, "departments")
    return Department.of(Entity(outcome.entity, outcome.version, outcome.state))


@router.get("/departments/{department_id}", summary="Get a department", responses=ON_ONE)
async def get_department(department_id: UUID, routing: CurrentRouting, _: Reader, response: Response) -> Department:
    entity = await organisation.find(routing.pool, DEPARTMENT.name, department_id)
    if entity is None:
        raise NotFound
    response.headers["ETag"] = format_etag(entity.version)
    return Department.of(entity)


@router.patch("/departments/{department_id}", summary="Change a department", responses=ON_EDIT)
async def change_department(
    department_id: UUID,
    body: DepartmentChange,
    routing: CurrentRouting,
    caller: Editor,
    expected: ExpectedVersion,
    response: Response,
) -> Department:
    outcome = await routing.commands.change(DEPARTMENT, department_id, body.named(), expected, caller)
    told(response, outcome)
    return Department.of(Entity(outcome.entity, outcome.version, outcome.state))
