"""Who may see and who may change how the provider is organised."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from libs.service.auth import guard, identified
from libs.service.caller import Caller
from libs.service.problems import Forbidden

READ = "routing:read"
WRITE = "routing:write"


@guard
async def may_read(connection: HTTPConnection) -> Caller:
    return _staff_or_system(identified(connection), READ)


@guard
async def may_edit(connection: HTTPConnection) -> Caller:
    return _staff_or_system(identified(connection), WRITE)


@guard
async def may_choose(connection: HTTPConnection) -> Caller:
    """Clients as well: they choose one of the categories that are open to them."""
    caller = identified(connection)
    return caller if caller.kind == "client" else _staff_or_system(caller, READ)


def _staff_or_system(caller: Caller, scope: str) -> Caller:
    if caller.kind == "administrator" or (caller.kind == "system" and caller.may(scope)):
        return caller
    raise Forbidden(scope=scope)


Reader = Annotated[Caller, Depends(may_read)]
Editor = Annotated[Caller, Depends(may_edit)]
Chooser = Annotated[Caller, Depends(may_choose)]
