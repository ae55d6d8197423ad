"""Names of what tickets point to, and what lists show of an account besides."""

from collections.abc import Iterator, Sequence

from libs.events.catalogue import CATALOGUE, accounts, routing
from libs.events.catalogue.accounts import AccountFacts
from libs.events.envelope import Event
from libs.events.projection import Connection
from services.query.consumers import bulk, changes
from services.query.consumers.bulk import Row
from services.query.consumers.changes import Change
from services.query.domain.collation import sorted_as
from services.query.domain.membership import Facts
from services.query.domain.search import folded, parts
from services.query.store.rows import FACTS_COLUMNS

KINDS: dict[str, str] = {
    model.TYPE: model.TYPE.partition(".")[0]
    for model in (
        accounts.UserCreated,
        accounts.UserChanged,
        accounts.AdministratorCreated,
        accounts.AdministratorChanged,
        accounts.GroupCreated,
        accounts.GroupChanged,
        accounts.ProjectCreated,
        accounts.ProjectChanged,
        accounts.ApiKeyCreated,
        routing.DepartmentCreated,
        routing.DepartmentChanged,
        routing.CategoryCreated,
        routing.CategoryChanged,
    )
}
ACCOUNTS = {accounts.AccountCreated.TYPE, accounts.AccountChanged.TYPE}
ERASED = {accounts.AccountDeleted.TYPE, accounts.UserDeleted.TYPE}


async def fold(connection: Connection, events: Sequence[Event]) -> bool:
    """Take in names and accounts, and forget those that were erased; whether there were any."""
    names, accounts = list(_names(events)), [(event, _account(event)) for event in events if event.type in ACCOUNTS]
    named = {event.entity: row for event, row in names}
    customers = {event.entity: row for event, row in accounts}
    await bulk.replace(connection, "names", NAME, named.values())
    await bulk.replace(connection, "accounts", ACCOUNT, customers.values())
    await bulk.copy(connection, "name_versions", NAME_VERSION, (_version(event, *row[2:4]) for event, row in names))
    versions = (_version(event, *row[1:3], *row[5:7]) for event, row in accounts)
    await bulk.copy(connection, "account_versions", ACCOUNT_VERSION, versions)
    if customers:
        await _tell_tickets(connection, list(customers))
    erased = [event.entity for event in events if event.type in ERASED]
    if erased:
        await _forget(connection, erased)
    return bool(named or customers or erased)


async def _tell_tickets(connection: Connection, accounts: Sequence[str]) -> None:
    """Let tickets have what their account has now; viewers are told of those that are others thereby."""
    found = await connection.fetch(_TO_TELL, accounts)
    await connection.execute(_TELL_TICKETS, accounts)
    told = [Change("ticket", row["id"], None, Facts.of_row(row).json()) for row in found]
    if told:
        await changes.tell(connection, told)


async def _forget(connection: Connection, erased: Sequence[str]) -> None:
    """Nothing of an entity comes after its erasure; what it was called is gone from the past, too."""
    for table in ("names", "accounts", "name_versions", "account_versions"):
        await connection.execute(f"delete from {table} where id = any($1::uuid[])", erased)  # noqa: S608 - our own names
    await _tell_tickets(connection, erased)


def _version(event: Event, *facts: object) -> Row:
    """A name or an account as it was called from an event on."""
    return event.entity, event.time, event.position, *facts


def _names(events: Sequence[Event]) -> Iterator[tuple[Event, tuple[object, ...]]]:
    for event in events:
        if kind := KINDS.get(event.type):
            name: str = getattr(CATALOGUE.read(event), "name")  # noqa: B009 - all of KINDS have one
            folds = (whole := folded(name), parts(whole)) if kind == "user" else (None, None)
            yield event, (event.entity, kind, name, sorted_as(name), *folds)


def _account(event: Event) -> tuple[object, ...]:
    account = CATALOGUE.read(event)
    assert isinstance(account, AccountFacts)
    return (
        event.entity,
        account.name,
        sorted_as(account.name),
        (whole := folded(account.name)),
        parts(whole),
        account.attitude.value,
        account.group_id,
        account.project_id,
        account.enabled,
    )


NAME = ["id", "kind", "name", "sorted_as", "folded", "parts"]
NAME_VERSION = ["id", "since", "position", "name", "sorted_as"]
ACCOUNT = ["id", "name", "sorted_as", "folded", "parts", "attitude", "group_id", "project_id", "enabled"]
ACCOUNT_VERSION = ["id", "since", "position", "name", "sorted_as", "attitude", "group_id"]
# What an account's tickets have of it: those that are opened later look it up.
_OTHERS = """unnest($1::uuid[]) i(id) left join accounts a on a.id = i.id
 where t.account_id = i.id and (t.attitude, t.group_id) is distinct from (a.attitude, a.group_id)
"""
_TO_TELL = f"select {FACTS_COLUMNS} from tickets t, {_OTHERS} and t.state is not null"  # noqa: S608 - our own expressions
_TELL_TICKETS = f"update tickets t set attitude = a.attitude, group_id = a.group_id from {_OTHERS}"  # noqa: S608 - likewise
