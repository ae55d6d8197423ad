"""Every kind of caller there is, and what the table of rights grants each of them."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from libs.service.rights import Right, Role, Staff
from tests.acceptance.access.table import Row
from tests.infrastructure.product import Product, Somebody

SCOPES = (
    "tickets:submit",
    "tickets:read",
    "people:read",
    "people:write",
    "routing:read",
    "routing:write",
    "log:read",
    "operate",
)
PASSWORD = "correct horse battery"


class Verdict(StrEnum):
    """What a caller gets: in, or which refusal."""

    IN = "in"
    UNKNOWN = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"


class Place(StrEnum):
    """Where the ticket in question is."""

    DEPARTMENT = "in department A"
    UNPLACED = "in no department"
    ASSIGNED = "in department A, and the caller's"


@dataclass(frozen=True)
class Actor:
    """Somebody who calls. `staff` are an administrator's rights as the table of rights gives them."""

    name: str
    kind: str
    who: Somebody
    again: Callable[[], Awaitable[Somebody]] | None = None
    """Gives them another session, for what ends one."""
    staff: Staff | None = None
    scope: str | None = None
    is_own_account: bool = False
    is_acting: bool = False
    places: tuple[Place, ...] = (Place.DEPARTMENT,)

    def expects(self, row: Row, place: Place, department: UUID) -> Verdict:
        """What the document and the table of rights say together."""
        match self.kind:
            case "nobody":
                return Verdict.UNKNOWN
            case "system":
                return Verdict.IN if {self.scope, "all"} & {*row.systems} else Verdict.FORBIDDEN
            case "client":
                return self._as_client(row)
        return self._as_staff(row, place, department)

    def _as_client(self, row: Row) -> Verdict:
        match row.clients:
            case "yes":
                return Verdict.IN
            case "themselves":
                return Verdict.FORBIDDEN if self.is_acting else Verdict.IN
            case "acting":
                return Verdict.IN if self.is_acting else Verdict.FORBIDDEN
            case "own account's":
                return Verdict.IN if self.is_own_account else Verdict.NOT_FOUND
        return Verdict.FORBIDDEN

    def _as_staff(self, row: Row, place: Place, department: UUID) -> Verdict:
        assert self.staff is not None
        need = row.administrators
        if not self.staff.enabled:
            return Verdict.UNKNOWN
        if need in {"yes", ""}:
            return Verdict.IN if need else Verdict.FORBIDDEN
        if need.startswith("on the ticket: "):
            return self._on_ticket(Right(need.removeprefix("on the ticket: ")), place, department)
        if need.startswith("somewhere: "):
            return Verdict.IN if Right(need.removeprefix("somewhere: ")) in self._somewhere() else Verdict.FORBIDDEN
        return Verdict.IN if self.staff.may(Right(need)) else Verdict.FORBIDDEN

    def _somewhere(self) -> frozenset[Right]:
        assert self.staff is not None
        departments = [None, *self.staff.departments, *self.staff.headed]
        return frozenset[Right]().union(*(self.staff.on_ticket(one, self.staff.id) for one in departments))

    def _on_ticket(self, right: Right, place: Place, department: UUID) -> Verdict:
        assert self.staff is not None
        where = None if place is Place.UNPLACED else department
        rights = self.staff.on_ticket(where, self.staff.id if place is Place.ASSIGNED else None)
        if Right.READ not in rights:
            return Verdict.NOT_FOUND
        return Verdict.IN if right in rights else Verdict.FORBIDDEN


@dataclass(frozen=True)
class Departments:
    """A, where the tickets are, and B, where they are not."""

    a: UUID
    b: UUID


async def staff_of(product: Product, owner: Somebody, departments: Departments) -> list[Actor]:
    """An administrator of each role, in each relation to department A."""
    members: dict[UUID, list[str]] = {departments.a: [], departments.b: []}
    heads: dict[UUID, str] = {}
    actors = []
    for role, extra, joined, headed, places in _POSTS:
        made = await _hired(owner, role, extra)
        department = getattr(departments, joined)
        if headed:
            heads[department] = made["id"]
        else:
            members[department].append(made["id"])
        staff = Staff(
            id=UUID(made["id"]),
            role=role,
            extra=extra,
            departments=frozenset() if headed else frozenset({department}),
            headed=frozenset({department}) if headed else frozenset(),
        )
        again = partial(product.sign_in, made["email"], PASSWORD)
        name = f"{'head' if headed else role} of {joined.upper()}{' and more' if extra else ''}"
        actors.append(Actor(name, "administrator", await again(), again, staff, places=places))
    for department, ids in members.items():
        answer = await owner.patch(
            f"/api/routing/departments/{department}", member_ids=ids, head_id=heads.get(department)
        )
        assert answer.is_success, answer.text
    return actors


_EVERYWHERE = tuple(Place)
_POSTS: list[tuple[Role, frozenset[Right], str, bool, tuple[Place, ...]]] = [
    (Role.OWNER, frozenset(), "b", False, _EVERYWHERE),
    (Role.MANAGER, frozenset(), "a", False, (Place.DEPARTMENT,)),
    (Role.MANAGER, frozenset(), "b", False, _EVERYWHERE),
    (Role.AGENT, frozenset(), "a", False, (Place.DEPARTMENT,)),
    (Role.AGENT, frozenset(), "b", False, _EVERYWHERE),
    (Role.AGENT, frozenset({Right.DELETE, Right.ACT_AS}), "a", False, (Place.DEPARTMENT,)),
    (Role.AGENT, frozenset({Right.DELETE}), "b", False, (Place.DEPARTMENT,)),
    (Role.OBSERVER, frozenset(), "a", False, (Place.DEPARTMENT,)),
    (Role.OBSERVER, frozenset(), "b", False, _EVERYWHERE),
    (Role.OBSERVER, frozenset(), "a", True, (Place.DEPARTMENT,)),
]


async def _hired(owner: Somebody, role: Role, extra: frozenset[Right]) -> dict[str, Any]:
    email = f"{uuid4()}@provider.example"
    return await owner.made(
        "/api/accounts/administrators", name=role, email=email, password=PASSWORD, role=role, rights=sorted(extra)
    )


async def clients_of(product: Product, owner: Somebody, account: str, other: str) -> list[Actor]:
    """A user of the tickets' account, one of another account, and an administrator who acts as the former."""
    own, stranger = [await new_user(owner, one) for one in (account, other)]
    as_own, as_stranger = [partial(product.sign_in, one["email"], PASSWORD) for one in (own, stranger)]
    acting = partial(_acting, product, own["id"])
    return [
        Actor("a client", "client", await as_own(), as_own, is_own_account=True),
        Actor("another account's client", "client", await as_stranger(), as_stranger),
        Actor(
            "who acts as a client",
            "client",
            await acting(),
            acting,
            is_own_account=True,
            is_acting=True,
        ),
    ]


async def _acting(product: Product, user: str) -> Somebody:
    owner = await product.administrator()
    acting = await owner.made("/api/accounts/act-as", user_id=user)
    return Somebody(product.http, acting["access_token"])


async def new_user(owner: Somebody, account: str) -> dict[str, Any]:
    email = f"{uuid4()}@acme.example"
    return await owner.made("/api/accounts/users", account_id=account, name="U", email=email, password=PASSWORD)


async def systems_of(product: Product, owner: Somebody) -> list[Actor]:
    """One system for each scope, with no other."""
    actors = []
    for scope in SCOPES:
        key = await owner.made("/api/accounts/api-keys", name=scope, scopes=[scope])
        actors.append(Actor(f"a system with {scope}", "system", await product.session(api_key=key["key"]), scope=scope))
    return actors


async def left(product: Product, owner: Somebody) -> Actor:
    """An administrator who is not enabled any more, with a token from before."""
    made = await _hired(owner, Role.OWNER, frozenset())
    who = await product.sign_in(made["email"], PASSWORD)
    answer = await owner.patch(f"/api/accounts/administrators/{made['id']}", enabled=False)
    assert answer.is_success, answer.text
    return Actor("who has left", "administrator", who, staff=Staff(UUID(made["id"]), Role.OWNER, enabled=False))


def nobody(product: Product) -> Iterator[Actor]:
    yield Actor("nobody", "nobody", Somebody(product.http, "nothing"))
    yield Actor("a forger", "nobody", Somebody(product.http, "eyJhbGciOiJub25lIn0.e30."))
