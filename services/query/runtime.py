"""What query's routes work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import asyncpg
from fastapi import Depends

from libs.service.app import runtime
from services.query.commands import ViewCommands
from services.query.consistency import Consistency
from services.query.live import Live
from services.query.store.lookups import Lookups


@dataclass(frozen=True)
class Query:
    pool: asyncpg.Pool
    lookups: Lookups
    consistency: Consistency
    live: Live
    views: ViewCommands
    heartbeat_seconds: float
    now: Callable[[], datetime] | None = None
    """Replaces PostgreSQL's clock, for tests."""

    def as_of(self) -> datetime | None:
        return self.now() if self.now else None


CurrentQuery = Annotated[Query, Depends(runtime(Query))]
