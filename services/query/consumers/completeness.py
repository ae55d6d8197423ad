"""Noting up to when each source's log is known to be read: what was before does not change any more."""

from datetime import datetime

from libs.events.projection import Connection, Decider


class Completeness(Decider):
    """Query decides nothing; it keeps what the others promise of their logs."""

    async def progress(self, connection: Connection, source: str, instant: datetime) -> int | None:
        await connection.execute(_NOTE, source, instant)
        return None


_NOTE = """
insert into completeness as c values ($1, $2)
    on conflict (source) do update set instant = greatest(c.instant, excluded.instant)
"""
