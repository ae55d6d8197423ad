"""Who there is in a story, and what each may do: the table of rights once more, in its own words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from tests.acceptance.stories.model.hours import Hours

if TYPE_CHECKING:
    from tests.acceptance.stories.model.ticket import Ticket

READ, ANSWER, ASSIGN, UNBLOCK, DELETE = "read", "answer", "assign", "unblock", "delete"
WORK = frozenset({READ, ANSWER, ASSIGN})
EVERYTHING = WORK | {UNBLOCK, DELETE}

Role = Literal["owner", "manager", "agent", "observer"]


@dataclass(eq=False)
class Named:
    id: str
    name: str


@dataclass(eq=False)
class Department(Named):
    """`target` is how many seconds of its hours there are for an answer; None: as long as it takes."""

    hours: Hours
    target: int | None


@dataclass(eq=False)
class Category(Named):
    """Its tickets go to a department, or to none. Only some are open to everybody."""

    department: Department | None
    is_open: bool = True
    points: int = 0


@dataclass(eq=False)
class Account(Named):
    project: Named | None
    attitudes: list[tuple[datetime, str]]
    """The provider's judgement of it, since when."""

    def attitude_at(self, instant: datetime | None) -> str:
        """As it was then, or as it is now."""
        return next(found for since, found in reversed(self.attitudes) if instant is None or since <= instant)


@dataclass(eq=False)
class Caller(Named):
    """Somebody who calls. `is_let_in` unless they were disabled."""

    @property
    def actor(self) -> str:
        return f"user:{self.id}"

    @property
    def on_behalf_of(self) -> str | None:
        return None

    @property
    def is_let_in(self) -> bool:
        return True


@dataclass(eq=False)
class Administrator(Caller):
    role: Role
    beyond: frozenset[str] = frozenset()
    """Rights beyond the role's, wherever the role lets them read."""
    departments: set[Department] = field(default_factory=set)
    heads: Department | None = None
    enabled: bool = True

    @property
    def is_let_in(self) -> bool:
        return self.enabled

    def rights(self, department: Department | None, responsible: "Administrator | None" = None) -> frozenset[str]:
        """What they may do to a ticket there; nothing if they may not even know of it."""
        if self.role == "owner" or (self.heads is not None and department is self.heads):
            return EVERYTHING
        if department is not None and department not in self.departments and responsible is not self:
            return frozenset()
        return {"manager": EVERYTHING, "agent": WORK, "observer": frozenset({READ})}[self.role] | self.beyond

    def may(self, right: str, ticket: "Ticket") -> bool:
        return right in self.rights(ticket.department, ticket.responsible)

    def may_answer_somewhere(self) -> bool:
        return any(ANSWER in self.rights(place) for place in (None, self.heads, *self.departments))


@dataclass(eq=False)
class Client(Caller):
    account: Account
    email: str = ""
    enabled: bool = True

    @property
    def is_let_in(self) -> bool:
        return self.enabled


@dataclass(eq=False)
class Acting(Caller):
    """An administrator who acts as a client: the client's rights, and both names on whatever is done."""

    administrator: Administrator
    client: Client

    @property
    def actor(self) -> str:
        return f"user:{self.administrator.id}"

    @property
    def on_behalf_of(self) -> str | None:
        return f"user:{self.client.id}"

    @property
    def is_let_in(self) -> bool:
        return self.client.enabled


@dataclass(eq=False)
class System(Caller):
    """Submits tickets, and reads all of them."""

    @property
    def actor(self) -> str:
        return f"system:{self.id}"


ClientSide = Client | Acting
Anybody = Administrator | Client | Acting | System


def user_of(who: ClientSide) -> Client:
    return who.client if isinstance(who, Acting) else who


def sees(who: Anybody, ticket: "Ticket") -> bool:
    """Whether they may know of a ticket that is there."""
    match who:
        case Administrator():
            return who.may(READ, ticket)
        case Client() | Acting():
            return ticket.account is user_of(who).account
    return True
