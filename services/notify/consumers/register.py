"""The projection: people, teams, and tickets as far as mail speaks of them."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from libs.events import ticket_places
from libs.events.catalogue import CATALOGUE, EventData
from libs.events.catalogue.accounts import (
    AccountChanged,
    AccountCreated,
    AccountDeleted,
    AdministratorChanged,
    AdministratorCreated,
    AdministratorFacts,
    ProjectChanged,
    ProjectCreated,
    UserChanged,
    UserCreated,
    UserDeleted,
    UserFacts,
)
from libs.events.catalogue.intake import (
    AutoCloseWarned,
    ClientReplied,
    TicketAnswered,
    TicketAssigned,
    TicketClosed,
    TicketDeleted,
    TicketEdited,
    TicketOpened,
    TicketReopened,
    TicketRouted,
    TicketTransferred,
)
from libs.events.catalogue.routing import DepartmentChanged, DepartmentCreated
from libs.events.catalogue.sla import DeadlineSet
from libs.events.envelope import Event
from libs.events.projection import Connection

_PEOPLE = (
    *(AccountCreated, AccountChanged, AccountDeleted, UserCreated, UserChanged, UserDeleted),
    *(AdministratorCreated, AdministratorChanged, ProjectCreated, ProjectChanged),
)
_TICKETS = (
    *(TicketOpened, TicketEdited, TicketRouted, TicketTransferred, TicketAssigned, ClientReplied, TicketAnswered),
    *(AutoCloseWarned, TicketClosed, TicketReopened, TicketDeleted),
)
_OTHERS = (DepartmentCreated, DepartmentChanged, DeadlineSet)
HEEDED = frozenset(model.TYPE for model in (*_PEOPLE, *_TICKETS, *_OTHERS))


class Register:
    """Folded row by row: of each source's own order alone, nothing in it depends on two of them."""

    sources: Sequence[str] = ("accounts", "routing", "sla", "intake")
    version = 1
    tables = Path(__file__).parent.parent / "projection.sql"

    async def fold(self, connection: Connection, events: Sequence[Event]) -> None:
        for event in events:
            if event.type in HEEDED:
                data = CATALOGUE.read(event)
                await _keep(connection, UUID(event.entity), data)
        await ticket_places.fold(connection, events)


async def _keep(connection: Connection, entity: UUID, data: EventData) -> None:
    if isinstance(data, _TICKETS):
        await _keep_ticket(connection, entity, data)
    elif isinstance(data, _PEOPLE):
        await _keep_people(connection, entity, data)
    else:
        await _keep_rest(connection, entity, data)


async def _keep_people(connection: Connection, entity: UUID, data: EventData) -> None:
    match data:
        case UserFacts(account_id=account):
            await connection.execute(_PERSON, entity, "client", account, data.name, data.email, data.enabled)
        case AdministratorFacts():
            await connection.execute(_PERSON, entity, "administrator", None, data.name, data.email, data.enabled)
        case UserDeleted():
            await connection.execute("delete from people where id = $1", entity)
        case AccountCreated() | AccountChanged():
            await connection.execute(_ACCOUNT, entity, data.enabled)
        case AccountDeleted():
            await connection.execute("delete from accounts where id = $1", entity)
        case ProjectCreated() | ProjectChanged():
            await connection.execute(_PROJECT, entity, data.name)


async def _keep_rest(connection: Connection, entity: UUID, data: EventData) -> None:
    match data:
        case DepartmentCreated() | DepartmentChanged():
            await connection.execute(_DEPARTMENT, entity, data.name, data.language)
        case DeadlineSet():
            await connection.execute(_DEADLINE, entity, data.waiting_since, data.due_at)


async def _keep_ticket(connection: Connection, entity: UUID, data: EventData) -> None:
    match data:
        case TicketOpened():
            places = (data.account_id, data.user_id, data.project_id, data.urgency.value, data.language, data.text)
            await connection.execute(_OPENED, entity, data.number, data.subject, *places)
        case TicketEdited():
            await connection.execute(_EDITED, entity, data.subject, data.project_id, data.urgency.value)
        case TicketRouted():
            urgency = data.urgency.value if data.urgency else None
            await connection.execute(_ROUTED, entity, data.department_id, data.responsible_id, urgency)
        case TicketTransferred():
            await connection.execute(_TRANSFERRED, entity, data.department_id)
        case TicketAssigned():
            await connection.execute("update tickets set responsible = $2 where id = $1", entity, data.responsible_id)
        case ClientReplied() | TicketAnswered() | AutoCloseWarned():
            await connection.execute("update tickets set said = $2 where id = $1", entity, data.text)
        case TicketClosed() | TicketReopened():
            is_closed = isinstance(data, TicketClosed)
            await connection.execute("update tickets set closed = $2 where id = $1", entity, is_closed)
        case TicketDeleted():
            for statement in _DELETED:
                await connection.execute(statement, entity)


_PERSON = """
insert into people (id, kind, account, name, email, enabled) values ($1, $2, $3, $4, $5, $6)
on conflict (id) do update set name = $4, email = $5, enabled = $6
"""
_ACCOUNT = "insert into accounts values ($1, $2) on conflict (id) do update set enabled = $2"
_PROJECT = "insert into projects values ($1, $2) on conflict (id) do update set name = $2"
_DEPARTMENT = "insert into departments values ($1, $2, $3) on conflict (id) do update set name = $2, language = $3"
_DEADLINE = """
insert into deadlines select $1, $2, $3 where not exists (select from gone where ticket = $1)
on conflict (ticket) do update set waiting_since = $2, due_at = $3
"""
_OPENED = """
insert into tickets (id, number, subject, account, user_id, project, urgency, language, said)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_EDITED = "update tickets set subject = coalesce($2, subject), project = $3, urgency = $4 where id = $1"
_ROUTED = """
update tickets set department = $2, responsible = coalesce($3, responsible), urgency = coalesce($4, urgency)
 where id = $1
"""
_TRANSFERRED = "update tickets set department = $2, responsible = null where id = $1"
_DELETED = (
    "delete from tickets where id = $1",
    "delete from deadlines where ticket = $1",
    "insert into gone values ($1) on conflict do nothing",
)
