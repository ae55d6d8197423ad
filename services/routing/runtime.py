"""What routes work with."""

from dataclasses import dataclass
from typing import Annotated

import asyncpg
from fastapi import Depends

from libs.events.backbone import Backbone
from libs.service.app import runtime
from services.routing.commands import Commands
from services.routing.judge import Judge
from services.routing.rejudging import Rejudging


@dataclass(frozen=True)
class Routing:
    backbone: Backbone
    commands: Commands
    judge: Judge
    rejudging: Rejudging

    @property
    def pool(self) -> asyncpg.Pool:
        return self.backbone.pool


CurrentRouting = Annotated[Routing, Depends(runtime(Routing))]
