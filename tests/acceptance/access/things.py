"""What requests are about: made anew for whoever is let in and may change it, shared by those who are refused."""

import asyncio
import itertools
import re
import smtplib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

from tests.acceptance.access.cast import PASSWORD, Actor, Departments, Place, new_user
from tests.infrastructure.product import Somebody

PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass
class Things:
    """Makes what paths name by its parameters, as the owner and as the client whose tickets they are."""

    owner: Somebody
    client: Somebody
    account: str
    user: str
    departments: Departments
    category: str
    unplaced_category: str
    other: str
    """Another customer's account."""
    mail_port: int
    """Where intake takes mail by LMTP."""
    _shared: dict[object, Awaitable[dict[str, str]]] = field(default_factory=dict)
    _languages: Iterator[int] = field(default_factory=itertools.count)
    _versions: dict[str, int] = field(default_factory=dict)
    """Of the shared tickets, as they were made."""

    async def shared(self, path: str, place: Place, actor: Actor) -> dict[str, str]:
        """Parameters of a path, the same ones each time; a ticket of the actor's own only where the place says so."""
        whose = actor.name if place is Place.ASSIGNED else None
        names = PARAMETER.findall(path)
        key = (tuple(names), path.split("/")[3], place if "ticket_id" in names else None, whose)
        if key not in self._shared:
            self._shared[key] = asyncio.ensure_future(self._to_share(path, place, actor))
        return await self._shared[key]

    async def _to_share(self, path: str, place: Place, actor: Actor) -> dict[str, str]:
        made = await self.fresh(path, place, actor)
        if "ticket_id" in made:
            self._versions[made["ticket_id"]] = await self._version(made["ticket_id"])
        return made

    async def fresh(self, path: str, place: Place, actor: Actor) -> dict[str, str]:
        names = PARAMETER.findall(path)
        made: dict[str, str] = {}
        if "ticket_id" in names:
            made |= await self.ticket(place, actor, with_answer="message_id" in names)
            if path.startswith("/api/notify/"):
                reader = actor.who if place is Place.ASSIGNED else self.owner
                await known(partial(reader.get, f"/api/notify/tickets/{made['ticket_id']}/notifications"))
        for name in names:
            if name not in made:
                made[name] = await self._makers[name, *self._collection(name, path)]()
        return made

    @staticmethod
    def _collection(name: str, path: str) -> tuple[str, ...]:
        return (path.split("/")[3],) if name == "entity_id" else ()

    @property
    def _makers(self) -> dict[tuple[str, ...], Callable[[], Awaitable[str]]]:
        return {
            ("account_id",): self._account,
            ("user_id",): self._user,
            ("administrator_id",): self._administrator,
            ("key_id",): self._new("/api/accounts/api-keys", name="k", scopes=["tickets:read"]),
            ("entity_id", "groups"): self._new("/api/accounts/groups", name="g"),
            ("entity_id", "projects"): self._new("/api/accounts/projects", name="p"),
            ("department_id",): self._department,
            ("category_id",): self._new(
                "/api/routing/categories", name="c", default_department_id=str(self.departments.a)
            ),
            ("rule_id",): self._new("/api/routing/weight-rules", name="r", points=1),
            ("submission_rule_id",): self._new(
                "/api/routing/submission-rules", name="r", then={"tags": ["t"]}, enabled=False
            ),
            ("rejudgement_id",): self._rejudgement,
            ("view_id",): self._new("/api/query/views", name="v", sharing={"everybody": True}),
            ("session_id",): _unknown,
            ("reset_id",): _unknown,
            ("template_id",): self._template,
            ("webhook_id",): self._new(
                "/api/notify/webhooks", name="w", url="https://receiver.example", types=["ticket.opened.v1"]
            ),
            ("person_id",): self._person_to_mail,
            ("country",): _germany,
            ("gateway_id",): self._gateway,
            ("mail_id",): self.mail,
        }

    def _new(self, path: str, **body: Any) -> Callable[[], Awaitable[str]]:
        async def make() -> str:
            return str((await self.owner.made(path, **body))["id"])

        return make

    async def _account(self) -> str:
        account = str((await self.owner.made("/api/accounts/accounts", name="Other"))["id"])
        await known(lambda: self.owner.get(f"/api/query/accounts/{account}/export"))
        return account

    async def _user(self) -> str:
        return str((await new_user(self.owner, self.account))["id"])

    async def _template(self) -> str:
        """In a language of its own, as there is one in each."""
        language = "".join(chr(ord("a") + place) for place in divmod(next(self._languages), 26))
        wording = {"kind": "closed", "language": language, "subject": "s", "body": "b"}
        made = await self.owner.put("/api/notify/templates", **wording)
        assert made.is_success, made.text
        return str(made.json()["id"])

    async def _person_to_mail(self) -> str:
        user = await self._user()
        await known(lambda: self.owner.get(f"/api/notify/people/{user}/address"))
        return user

    async def _gateway(self) -> str:
        address = f"g{uuid4().hex}@provider.example"
        gateway = await self.owner.made("/api/intake/gateways", address=address, category_id=self.category)
        return str(gateway["id"])

    async def mail(self) -> str:
        """A stranger's, that waits."""
        gateway = (await self.owner.get(f"/api/intake/gateways/{await self._gateway()}")).json()
        stranger = f"{uuid4()}@home.example"
        text = f"From: {stranger}\r\nSubject: S\r\nMessage-ID: <{stranger}>\r\n\r\nT\r\n"
        await asyncio.to_thread(_handed_over, self.mail_port, stranger, gateway["address"], text)
        while True:
            waiting = (await self.owner.get("/api/intake/mails", limit=200)).json()["items"]
            if found := [one["id"] for one in waiting if one["sender"] == stranger]:
                return str(found[0])
            await asyncio.sleep(0.05)

    async def _administrator(self) -> str:
        made = await self.owner.made(
            "/api/accounts/administrators", name="X", email=f"{uuid4()}@x.example", password=PASSWORD, role="observer"
        )
        return str(made["id"])

    async def _department(self) -> str:
        department = str((await self.owner.made("/api/routing/departments", name="D"))["id"])
        await known(lambda: self.owner.get(f"/api/sla/departments/{department}/target"))
        return department

    async def _rejudgement(self) -> str:
        """One at a time: the next one begins when the one before has come to its end."""
        while not (answer := await self.owner.post("/api/routing/rejudgements")).is_success:  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0.05)
        return str(answer.json()["id"])

    async def ticket(self, place: Place, actor: Actor, *, with_answer: bool = False) -> dict[str, str]:
        """A client's ticket with a file, where it is to be, as soon as every service but notify knows."""
        file = await self.client.upload("/api/intake/attachments", "note.txt", b"something to read")
        category = self.unplaced_category if place is Place.UNPLACED else self.category
        submitted = await self.client.post(
            "/api/intake/tickets", category_id=category, subject="S", text="T", attachment_ids=[file["id"]]
        )
        assert submitted.status_code == 201, submitted.text
        ticket = submitted.json()["id"]
        await self._settled(ticket, submitted.headers["Consistency-Token"])
        if place is Place.ASSIGNED:
            assert actor.staff is not None
            await self._done(ticket, "assign", responsible_id=str(actor.staff.id))
        message = await self._answered(ticket) if with_answer else ""
        return {"ticket_id": ticket, "attachment_id": file["id"], "message_id": message}

    async def _answered(self, ticket: str) -> str:
        block = await self._done(ticket, "block")
        await self._done(ticket, "replies", text="A", token=block["block"]["token"])
        details = (await self.owner.get(f"/api/query/tickets/{ticket}")).json()
        return str(details["messages"][-1]["id"])

    async def _done(self, ticket: str, what: str, **body: Any) -> dict[str, Any]:
        answer = await self.owner.post(f"/api/intake/tickets/{ticket}/{what}", **body)
        assert answer.is_success, answer.text
        await self._settled(ticket, answer.headers["Consistency-Token"])
        done: dict[str, Any] = answer.json()
        return done

    async def _settled(self, ticket: str, token: str) -> None:
        """Seen by query, and judged by routing and sla."""
        is_there = False
        while not is_there:
            answer = await self.owner.get(f"/api/query/tickets/{ticket}", after=token, settled="true")
            is_there = answer.headers.get("Consistency-Reached") == "true"

    async def changed(self) -> list[str]:
        """The shared tickets that are not as they were made."""
        return [ticket for ticket, version in self._versions.items() if await self._version(ticket) != version]

    async def _version(self, ticket: str) -> int:
        return int((await self.owner.get(f"/api/query/tickets/{ticket}")).json()["version"])


def _handed_over(port: int, sender: str, recipient: str, text: str) -> None:
    with smtplib.LMTP("127.0.0.1", port) as server:
        server.sendmail(sender, recipient, text)


async def _unknown() -> str:
    return str(uuid4())


async def _germany() -> str:
    return "DE"


async def known(ask: Callable[[], Awaitable[Any]]) -> None:
    """Ask until it is known, which takes moments; the test's own time-out is the limit."""
    while not (await ask()).is_success:  # noqa: ASYNC110 - asks another service over HTTP
        await asyncio.sleep(0.05)
