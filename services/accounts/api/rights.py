"""Who may call what: any enabled administrator reads, changes need a right, and systems need a scope of their key."""

from enum import StrEnum
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from libs.service.auth import guard, identified, require_administrator, require_right, staff_of
from libs.service.caller import LOG_READ, OPERATE, Caller
from libs.service.problems import Forbidden
from libs.service.rights import Right
from services.accounts.domain.administrators import may_erase


class Scope(StrEnum):
    """What a system may do. Reading and writing people is about accounts, users, groups and projects."""

    TICKETS_SUBMIT = "tickets:submit"
    TICKETS_READ = "tickets:read"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    ROUTING_READ = "routing:read"
    ROUTING_WRITE = "routing:write"
    LOG_READ = LOG_READ
    OPERATE = OPERATE


@guard
async def require_eraser(connection: HTTPConnection) -> Caller:
    """Let in owners and managers."""
    caller = identified(connection)
    if not may_erase(await staff_of(connection, caller)):
        raise Forbidden(right=Right.MANAGE_PEOPLE)
    return caller


Reader = Annotated[Caller, Depends(require_administrator(scope=Scope.PEOPLE_READ))]
Manager = Annotated[Caller, Depends(require_right(Right.MANAGE_PEOPLE, scope=Scope.PEOPLE_WRITE))]
"""Who may create and change accounts, users, groups and projects."""
PeopleManager = Annotated[Caller, Depends(require_right(Right.MANAGE_PEOPLE))]
"""An administrator who may do so: for what no system may do."""
Eraser = Annotated[Caller, Depends(require_eraser)]
SettingsManager = Annotated[Caller, Depends(require_right(Right.MANAGE_SETTINGS))]
