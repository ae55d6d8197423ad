"""Who may see and who may change how the provider is organised."""

from typing import Annotated

from fastapi import Depends

from libs.service.auth import Caller, require_administrator, require_right
from libs.service.rights import Right

READ = "routing:read"
WRITE = "routing:write"


Reader = Annotated[Caller, Depends(require_administrator(scope=READ))]
Editor = Annotated[Caller, Depends(require_right(Right.MANAGE_SETTINGS, scope=WRITE))]
