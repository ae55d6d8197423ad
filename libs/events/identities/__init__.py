"""Who is who, as every service learns it from events: keys that tokens are checked with, sessions that ended, the staff.

So a service checks tokens and rights while accounts is down, and what was changed counts within moments.
"""

from collections.abc import Sequence

from libs.events.envelope import Event
from libs.events.identities import sessions, signing_keys, staff
from libs.events.log import Executor

_PARTS = (signing_keys, sessions, staff)
TABLES = signing_keys.TABLE + sessions.TABLE + staff.TABLES


def are_told_of(events: Sequence[Event]) -> bool:
    return any(event.type in part.TYPES for event in events for part in _PARTS)


async def fold(connection: Executor, events: Sequence[Event]) -> None:
    """Take in what events tell of identities; part of every service's projection."""
    for event in events:
        for part in _PARTS:
            if event.type in part.TYPES:
                await part.fold(connection, event)
