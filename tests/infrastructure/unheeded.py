"""What a service makes of events that are not its matter: nothing."""

import asyncpg

_READ = ["checkpoints", "completeness"]
"""Tables that say how far others' logs have been read."""


async def made_of_events(database: asyncpg.Pool) -> dict[str, tuple[int, str]]:
    """Each table of what is folded or parked, and of what the service itself has told -> its rows' number and a hash."""
    names = await database.fetch(
        "select schemaname || '.' || tablename as name from pg_tables"
        " where schemaname = 'live' and tablename <> all($1) or (schemaname, tablename) = ('public', 'log')",
        _READ,
    )
    hashed = "select count(*), coalesce(md5(string_agg(row::text, '' order by row::text)), '') from {} as row"
    found = {table: await database.fetchrow(hashed.format(table)) for table in [row["name"] for row in names]}
    return {table: (row[0], row[1]) for table, row in found.items() if row}
