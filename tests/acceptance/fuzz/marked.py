"""Two customers' tickets and what else there is, each text of it with a mark by which it is known wherever it turns up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

from tests.acceptance.access.cast import PASSWORD, new_user
from tests.acceptance.access.things import known
from tests.acceptance.access.world import World
from tests.infrastructure.product import ADMINISTRATOR, SYSTEM_KEY, Somebody

TICKETS, DOOMED = 4, 3
DOOMED_TICKETS = 6
"""One request may delete several."""


@dataclass
class Marked:
    """`ids`: what requests may name, by the name of the member that names it; `doomed`: the same, for what deletes.

    The rest are texts and ids that only some may be shown.
    """

    ids: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    parts: list[dict[str, str]] = field(default_factory=list)
    """Of tickets that have a file and an answer: what a path names that goes together."""
    doomed: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    own: set[str] = field(default_factory=set)
    """What the first customer's users may see, as well as the staff."""
    other: set[str] = field(default_factory=set)
    """The same of the second customer."""
    of_staff: set[str] = field(default_factory=set)
    """What no customer is shown, not even of their own tickets."""
    in_tickets: set[str] = field(default_factory=set)
    """What is in tickets, all of which are department A's, until a request moves one."""
    ticket_of: dict[str, str] = field(default_factory=dict)
    """By what is in them."""
    drafts: set[str] = field(default_factory=set)
    """What an administrator has written and not sent."""
    credentials: dict[str, str] = field(default_factory=dict)
    """Of somebody who may sign in, and of whom nothing is marked."""

    @property
    def all(self) -> set[str]:
        return self.own | self.other | self.of_staff | self.in_tickets | self.drafts

    def mark(self, what: str, *among: set[str]) -> str:
        """A text that is nowhere else."""
        text = f"{what} {uuid4().hex[:12]}"
        self.keep(text, *among)
        return text

    def keep(self, text: str, *among: set[str]) -> None:
        for texts in among:
            texts.add(text)


SECRETS = (PASSWORD, ADMINISTRATOR["password"], SYSTEM_KEY, "$argon2", "PRIVATE KEY")
"""What nobody is shown, ever."""


async def marked(world: World) -> Marked:
    """Make it through the API, and wait until every service knows of it."""
    made = Marked()
    things, owner = world.things, world.things.owner
    await _mark_organisation(world, made)
    await _mark_account(owner, things.account, made, made.own)
    await _mark_account(owner, things.other, made, made.other)
    await mark_tickets(world, made)
    made.keep(things.other, made.other)
    made.credentials |= {"email": (await new_user(owner, things.account))["email"], "password": PASSWORD}
    told = await owner.patch(f"/api/routing/departments/{things.departments.b}", language="de")
    made.ids["consistency"].append(told.headers["Consistency-Token"])
    return made


async def mark_tickets(world: World, made: Marked) -> None:
    """Both customers' tickets, and mail that waits; in the place of those there were, to which much may have been done."""
    for ids in (made.ids, made.doomed):
        ids["ticket_id"], ids["mail_id"] = [], [await world.things.mail() for _ in range(DOOMED)]
    made.parts = []
    for name, texts in (("a client", made.own), ("another account's client", made.other)):
        client = world.actor(name)
        who = await client.again() if client.again else client.who
        for _ in range(TICKETS):
            made.ids["ticket_id"].append(await _ticket(world, who, made, texts))
        for _ in range(DOOMED_TICKETS):
            made.doomed["ticket_id"].append(await _ticket(world, who, made, texts, is_plain=True))


async def _mark_organisation(world: World, made: Marked) -> None:
    """What the staff have among themselves, and what may be done away with."""
    things, owner = world.things, world.things.owner
    for department in (things.departments.a, things.departments.b):
        answer = await owner.patch(
            f"/api/routing/departments/{department}", name=made.mark("Department", made.of_staff)
        )
        assert answer.is_success, answer.text
        made.ids["department_id"].append(str(department))
    made.ids["category_id"] += [things.category, things.unplaced_category]
    listen = partial(owner.made, "/api/intake/gateways", category_id=things.category)
    tell = partial(owner.made, "/api/notify/webhooks", url="https://hooks.example/", types=["ticket.opened.v1"])
    weigh = partial(owner.made, "/api/routing/weight-rules", points=3)
    place = partial(owner.made, "/api/routing/submission-rules", then={"tags": [made.mark("tag", made.of_staff)]})
    made.ids["gateway_id"].append((await listen(address=f"{uuid4()}@provider.example"))["id"])
    made.ids["webhook_id"].append((await tell(name=made.mark("Webhook", made.of_staff)))["id"])
    made.ids["rule_id"].append((await weigh(name=made.mark("Rule", made.of_staff)))["id"])
    made.ids["submission_rule_id"].append((await place(name=made.mark("Rule", made.of_staff)))["id"])
    for kind in ("group", "project"):
        thing = await owner.made(f"/api/accounts/{kind}s", name=made.mark(kind, made.of_staff))
        made.ids[f"{kind}_id"].append(thing["id"])
    for _ in range(DOOMED):
        made.doomed["gateway_id"].append((await listen(address=f"{uuid4()}@provider.example"))["id"])
        made.doomed["webhook_id"].append((await tell(name="Doomed"))["id"])
        made.doomed["rule_id"].append((await weigh(name="Doomed"))["id"])
        made.doomed["submission_rule_id"].append((await place(name="Doomed"))["id"])
        made.doomed["key_id"].append(
            (await owner.made("/api/accounts/api-keys", name="Doomed", scopes=["operate"]))["id"]
        )
        made.doomed["account_id"].append((await owner.made("/api/accounts/accounts", name="Doomed"))["id"])
    made.ids["key_id"] += made.doomed["key_id"]
    spared = await owner.made("/api/accounts/accounts", name="Spared")
    made.ids["acted_id"].append((await new_user(owner, spared["id"]))["id"])
    administrator = await owner.made(
        "/api/accounts/administrators",
        name=made.mark("Administrator"),
        email=f"{uuid4()}@provider.example",
        password=PASSWORD,
        role="observer",
    )
    made.ids["administrator_id"].append(administrator["id"])
    await known(lambda: owner.get(f"/api/sla/departments/{things.departments.b}/target"))


async def _mark_account(owner: Somebody, account: str, made: Marked, texts: set[str]) -> None:
    """What an account is called is its users' to know; what is thought of it is not."""
    answer = await owner.patch(
        f"/api/accounts/accounts/{account}",
        name=made.mark("Account", texts),
        comment=made.mark("Comment", made.of_staff),
        external_id=made.mark("External", made.of_staff),
        attitude="bad",
        group_id=made.ids["group_id"][0],
    )
    assert answer.is_success, answer.text
    user = await new_user(owner, account)
    answer = await owner.patch(f"/api/accounts/users/{user['id']}", name=made.mark("User", texts))
    assert answer.is_success, answer.text
    made.keep(user["email"], texts)
    made.ids["account_id"].append(account)
    made.ids["user_id"].append(user["id"])
    for ids in (made.ids, made.doomed):
        ids["person_id"].append(user["id"])


async def _ticket(world: World, client: Somebody, made: Marked, texts: set[str], *, is_plain: bool = False) -> str:
    """A ticket in department A; unless it is to be plain, with all that can be written on one."""
    owner, before = world.things.owner, set(made.in_tickets)
    written = partial(made.mark, "Written", texts, made.in_tickets)
    body: dict[str, Any] = {"category_id": world.things.category, "subject": written(), "text": written()}
    part: dict[str, str] = {}
    if not is_plain:
        name, content = f"{written()}.txt", written()
        file = await client.upload("/api/intake/attachments", name, content.encode())
        body["attachment_ids"] = [file["id"]]
        made.ids["attachment_id"].append(file["id"])
        part["attachment_id"] = file["id"]
    ticket = str((await client.made("/api/intake/tickets", **body))["id"])
    made.keep(ticket, texts, made.in_tickets)
    await known(lambda: owner.get(f"/api/sla/tickets/{ticket}"))
    if not is_plain:
        await _discuss(owner, client, ticket, made, texts)
        made.parts.append({**part, "ticket_id": ticket, "message_id": made.ids["message_id"][-1]})
    made.ticket_of |= dict.fromkeys(made.in_tickets - before, ticket)
    return ticket


async def _discuss(owner: Somebody, client: Somebody, ticket: str, made: Marked, texts: set[str]) -> None:
    path = f"/api/intake/tickets/{ticket}"
    internal = partial(made.mark, "Internal", made.of_staff, made.in_tickets)
    block = (await owner.made(f"{path}/block"))["block"]["token"]
    await owner.made(f"{path}/replies", text=made.mark("Answer", texts, made.in_tickets), token=block)
    await owner.made(f"{path}/notes", text=internal())
    tag = internal().lower()
    made.keep(tag, made.of_staff, made.in_tickets)
    assert (await owner.patch(path, tags=[tag])).is_success
    assert (await owner.put(f"{path}/draft", text=made.mark("Draft", made.drafts))).is_success
    messages = await _messages(owner, ticket)
    made.ids["message_id"] += messages
    made.keep(messages[-1], texts, made.in_tickets)
    comment = made.mark("Opinion", texts, made.in_tickets)
    await client.made(f"{path}/messages/{messages[-1]}/rating", rating=4, comment=comment)


async def _messages(owner: Somebody, ticket: str) -> list[str]:
    """The ids of the answers, once the read model has one."""
    found: list[str] = []
    while not found:
        answer = await owner.get(f"/api/query/tickets/{ticket}")
        messages: Iterable[dict[str, Any]] = answer.json()["messages"] if answer.is_success else ()
        found = [one["id"] for one in messages if one["kind"] == "staff"]
    return found
