"""Who may see and who may change how the provider is organised."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from libs.service.auth import Caller, guard, identified, require_administrator, require_right
from libs.service.rights import Right

READ = "routing:read"
WRITE = "routing:write"

_may_read = require_administrator(scope=READ)


@guard
async def may_choose(connection: HTTPConnection) -> Caller:
    """Clients as well: they choose one of the categories that are open to them."""
    caller = identified(connection)
    return caller if caller.kind == "client" else await _may_read(connection)


Reader = Annotated[Caller, Depends(_may_read)]
Editor = Annotated[Caller, Depends(require_right(Right.MANAGE_SETTINGS, scope=WRITE))]
Chooser = Annotated[Caller, Depends(may_choose)]
