"""What stories are played on: the product with one provider, whoever calls, and a clock that only stories move."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from libs.service.clock import ManualClock
from tests.acceptance.stories.model.people import (
    Account,
    Acting,
    Administrator,
    Anybody,
    Category,
    Client,
    Department,
    Named,
    System,
)
from tests.infrastructure.product import Product

PASSWORD = "correct horse battery"
HOUR = timedelta(hours=1)
FOLLOWERS = ("intake", "routing", "sla", "notify", "query")
PLACES = {"Phone": {"Mia", "Ann", "Obi"}, "Desk": {"Ben"}, "Web": {"Ann", "Ben"}}
"""Who belongs where as a story begins."""


@dataclass
class Cast:
    """Who is there in one story; the staff is the same in all."""

    staff: dict[str, Administrator]
    clients: dict[str, Client]
    acting: Acting
    system: System
    accounts: list[Account]

    @property
    def callers(self) -> dict[str, Anybody]:
        others: list[Anybody] = [self.acting, self.system]
        return {**self.staff, **self.clients, **{one.name: one for one in others}}


@dataclass
class Stage:
    product: Product
    clock: ManualClock
    departments: dict[str, Department] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    projects: list[Named] = field(default_factory=list)
    staff: dict[str, Administrator] = field(default_factory=dict)
    api_key: str = ""
    system: System | None = None
    tokens: dict[Anybody, str] = field(default_factory=dict)
    journal: list[str] = field(default_factory=list)
    """What was asked in this story, and how it was answered."""
    stories: int = 0

    # --- asking -------------------------------------------------------------------------------------

    async def send(
        self,
        who: Anybody,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        if_match: str | None = "*",
        **query: Any,
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Idempotency-Key": key or str(uuid4())}
        if if_match is not None:
            headers["If-Match"] = if_match
        answer = await self.product.http.request(method, path, json=body, headers=headers, params=query)
        if method != "GET":
            said = answer.json().get("type", "") if answer.status_code >= 400 else ""
            self.journal.append(
                f"{self.clock.now():%T.%f} {who.name}: {method} {path} {body}: {answer.status_code} {said}"
            )
        return answer

    async def made(self, who: Anybody, path: str, **body: Any) -> dict[str, Any]:
        return _done(await self.send(who, "POST", path, body))

    async def put(self, who: Anybody, path: str, **body: Any) -> None:
        _done(await self.send(who, "PUT", path, body, if_match=None))

    async def change(self, who: Anybody, path: str, **body: Any) -> httpx.Response:
        """Change something that is no ticket, and wait until everybody knows."""
        answer = await self.send(who, "PATCH", path, body)
        _done(answer)
        await self.known_everywhere(answer.headers["Consistency-Token"])
        return answer

    async def known_everywhere(self, token: str) -> None:
        """Wait until every service knows what a token of accounts or routing stands for, and goes by it."""
        source, epoch, position = token.split(".")
        for service in FOLLOWERS:
            if service == source:
                continue
            state = self.product.apps[service].state
            applied = state.backbone.own_consumer.applied
            while (read := applied.cursors.get(source)) is None or read.position < int(position):
                await applied.changed.wait()
            directory = getattr(state.staff, "others", state.staff)
            await directory.until_read(source, epoch, int(position))

    # --- signing in ---------------------------------------------------------------------------------

    async def sign_in(self, email: str) -> str:
        return (await self.product.sign_in(email, PASSWORD)).token

    async def act(self, administrator: Administrator, client: Client) -> str:
        answer = await self.send(administrator, "POST", "/api/accounts/act-as", {"user_id": client.id})
        return str(_done(answer)["access_token"])

    # --- a story ------------------------------------------------------------------------------------

    async def begin(self) -> Cast:
        """Everybody where they belong, two new customers, and nothing left in the list of the story before."""
        self.journal.clear()
        self.stories += 1
        self.clock.instant = self.clock.instant.replace(microsecond=0) + HOUR
        olga = self.staff["Olga"]
        self.tokens = {olga: (await self.product.administrator()).token}
        await self._everybody_in_place(olga)
        for name, one in self.staff.items():
            if one is not olga:
                self.tokens[one] = await self.sign_in(email_of(name))
        assert self.system is not None
        self.tokens[self.system] = (await self.product.session(api_key=self.api_key)).token
        accounts = [await self._account(olga, name, project) for name, project in (("Acme", 0), ("Bolt", None))]
        clients = {
            name: await self._client(olga, name, accounts[number])
            for name, number in (("Carl", 0), ("Cora", 0), ("Dora", 1))
        }
        mia = self.staff["Mia"]
        acting = Acting(mia.id, "Mia as Carl", mia, clients["Carl"])
        self.tokens[acting] = await self.act(mia, clients["Carl"])
        await self._sweep(olga)
        self.journal.clear()
        return Cast(self.staff, clients, acting, self.system, accounts)

    async def _everybody_in_place(self, olga: Administrator) -> None:
        for one in self.staff.values():
            if not one.enabled:
                await self.enable(olga, one)
        self.staff["Hal"].heads = self.departments["Desk"]
        for name, members in PLACES.items():
            department = self.departments[name]
            for who, one in self.staff.items():
                (one.departments.add if who in members else one.departments.discard)(department)
            await self.place_members(olga, department)

    async def place_members(self, olga: Administrator, department: Department) -> httpx.Response:
        """Tell who belongs to a department now."""
        members = [one.id for one in self.staff.values() if department in one.departments]
        heads = [one.id for one in self.staff.values() if one.heads is department]
        path = f"/api/routing/departments/{department.id}"
        return await self.change(olga, path, member_ids=members, head_id=heads[0] if heads else None)

    async def enable(self, olga: Administrator, who: Administrator | Client, *, enabled: bool = True) -> httpx.Response:
        kind = "administrators" if isinstance(who, Administrator) else "users"
        answer = await self.change(olga, f"/api/accounts/{kind}/{who.id}", enabled=enabled)
        who.enabled = enabled
        return answer

    async def _account(self, olga: Administrator, name: str, project: int | None) -> Account:
        of = None if project is None else self.projects[project]
        body = {"name": name, "project_id": of and of.id}
        made = await self.made(olga, "/api/accounts/accounts", **body)
        return Account(made["id"], name, of, [(self.clock.now(), "neutral")])

    async def _client(self, olga: Administrator, name: str, account: Account) -> Client:
        email = email_of(f"{name}-{account.id}")
        body = {"name": name, "email": email, "password": PASSWORD, "account_id": account.id}
        answer = await self.send(olga, "POST", "/api/accounts/users", body)
        client = Client(_done(answer)["id"], name, account, email)
        await self.known_everywhere(answer.headers["Consistency-Token"])
        self.tokens[client] = await self.sign_in(email)
        return client

    async def _sweep(self, olga: Administrator) -> None:
        """Whatever a story left that did not come to its end."""
        while rows := _done(await self.send(olga, "GET", "/api/query/tickets", limit=200))["items"]:
            for action in ("unblock", "close"):
                body = {"action": action, "ticket_ids": [row["id"] for row in rows]}
                answer = await self.send(olga, "POST", "/api/intake/tickets/bulk", body)
            token = answer.headers["Consistency-Token"]
            await self.send(olga, "GET", "/api/query/tickets", after=token, settled="true")


def email_of(name: str) -> str:
    return f"{name.lower()}@story.example"


def _done(answer: httpx.Response) -> dict[str, Any]:
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    done: dict[str, Any] = answer.json()
    return done
