"""Waking the workers of this process when there may be something for them; a poll is behind it for other processes."""

import asyncio
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wakes:
    mail: asyncio.Event = field(default_factory=asyncio.Event)
    webhooks: asyncio.Event = field(default_factory=asyncio.Event)
