"""Tickets of a read model copied within the database, with ids, numbers and accounts of their own.

Copies of what was folded are rows of the same shape under the same indexes, of as many more accounts, and take much less
time than to fold as many tickets.
"""

from libs.events.projection import Connection

_IDS = {
    "accounts": ["id"],
    "account_versions": ["id"],
    "names": ["id"],
    "name_versions": ["id"],
    "tickets": ["id", "account_id", "user_id"],
    "messages": ["ticket_id", "id", "author_id"],
    "ratings": ["ticket_id", "message_id", "user_id"],
    "history": ["ticket_id", "event_id"],
    "course_versions": ["ticket_id"],
    "wording_versions": ["ticket_id"],
    "points_versions": ["ticket_id"],
    "deadline_versions": ["ticket_id"],
    "escalation_versions": ["ticket_id"],
    "periods": ["ticket_id", "account_id"],
    "waits": ["ticket_id", "account_id"],
}
"""The columns that name something of which there is a copy."""
_USERS = "id in (select id from names where kind = 'user')"
_ONLY = {"names": "kind = 'user'", "name_versions": _USERS}
"""Staff, departments and categories are the same for all."""
_OTHER = {
    ("tickets", "number"): "number + copy * (select max(number) from tickets)",
    ("messages", "author_id"): "case when kind = 'client' then copied(author_id, copy) else author_id end",
}
_COPIED = """
create or replace function copied(id uuid, copy integer) returns uuid language sql immutable parallel safe
    return encode(set_byte(uuid_send(id), 15, get_byte(uuid_send(id), 15) # copy), 'hex')::uuid
"""
_COLUMNS = """
select column_name from information_schema.columns
 where table_schema = 'live' and table_name = $1 and is_generated = 'NEVER' order by ordinal_position
"""


async def multiply(connection: Connection, times: int) -> None:
    """Make so many of each ticket; at most 256."""
    await connection.execute(_COPIED)
    for table in _IDS:
        columns = [row["column_name"] for row in await connection.fetch(_COLUMNS, table)]
        values = ", ".join(_value(table, column) for column in columns)
        statement = f"""
            insert into {table} ({", ".join(columns)})
            select {values} from {table} cross join generate_series(1, $1) as copy where {_ONLY.get(table, "true")}
        """  # noqa: S608 - names of our own
        await connection.execute(statement, times - 1)


def _value(table: str, column: str) -> str:
    named = f"copied({column}, copy)" if column in _IDS[table] else column
    return _OTHER.get((table, column), named)
