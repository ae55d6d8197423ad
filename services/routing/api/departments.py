"""Departments: the teams that tickets go to."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from libs.events.catalogue.conditions import Language
from libs.events.catalogue.routing import DepartmentFacts
from libs.service.bodies import Distinct, Flag, LeftOut
from libs.service.text import Name
from services.routing.api.parts import Body
from services.routing.api.resources import Resource, Shown, resource_router
from services.routing.domain.kinds import DEPARTMENT

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
    enabled: Flag = Field(True, description="Tickets are routed to enabled departments only")


class DepartmentChange(Body):
    """What is to be different; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"example": {"enabled": False}})

    name: Name = LeftOut
    language: Language = LeftOut
    head_id: UUID | None = None
    member_ids: Members = LeftOut
    enabled: Flag = LeftOut


class Department(Shown, DepartmentFacts):
    """A department as it is now; `version` is what its ETag says."""


DEPARTMENTS = Resource(
    DEPARTMENT, "departments", "a department", "department_id", NewDepartment, DepartmentChange, Department
)
router = resource_router(DEPARTMENTS)
