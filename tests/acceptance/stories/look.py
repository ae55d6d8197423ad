"""What the product shows, laid beside what it should."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from tests.acceptance.stories.model import lists, shown
from tests.acceptance.stories.model.helpdesk import Helpdesk
from tests.acceptance.stories.model.lists import Sort
from tests.acceptance.stories.model.people import ANSWER, Administrator, Anybody, ClientSide, System, sees
from tests.acceptance.stories.model.shown import Row
from tests.acceptance.stories.model.ticket import Ticket
from tests.acceptance.stories.stage import Cast, Stage

PATIENCE_SECONDS = 20.0


class Differs(AssertionError):
    """The product shows something else than it should."""


class Looking:
    """Looks at the product as somebody, and raises Differs."""

    def __init__(self, stage: Stage, model: Helpdesk, cast: Cast) -> None:
        self._stage = stage
        self._model = model
        self._cast = cast

    async def _get(self, who: Anybody, path: str, status: int = 200, **query: Any) -> Any:
        answer = await self._stage.send(who, "GET", path, **query)
        if answer.status_code != status:
            raise Differs(f"{who.name} gets {answer.status_code} instead of {status} from {path}: {answer.text}")
        return _read(answer.json())

    async def settled(self, token: str) -> None:
        """Wait until what a token stands for is judged and to be seen."""
        olga = self._cast.staff["Olga"]

        async def look() -> None:
            answer = await self._stage.send(olga, "GET", "/api/query/tickets", after=token, settled="true", limit=1)
            if answer.headers["Consistency-Reached"] != "true":
                raise Differs(f"{token} is not settled")

        await eventually(look)

    # --- one ticket ---------------------------------------------------------------------------------

    async def ticket(self, who: Anybody, ticket: Ticket, *, with_history: bool = True) -> None:
        """Details and history, as far as they may see them; nothing at all if they may not."""
        path = f"/api/query/tickets/{ticket.id}"
        if (refusal := self._refusal(who, ticket)) is not None:
            for part in ("", "/history", *(() if isinstance(who, ClientSide) else ("/weight",))):
                await self._get(who, path + part, refusal)
            if isinstance(who, Administrator):
                for of_others in (f"/api/routing/tickets/{ticket.id}/decision", f"/api/sla/tickets/{ticket.id}"):
                    await self._get(who, of_others, 404 if who.is_let_in else 401)
            return
        found = await self._get(who, path)
        details = shown.client_details if isinstance(who, ClientSide) else shown.staff_details
        wanted = details(ticket, self._model.now)
        if not isinstance(who, ClientSide):
            wanted["rights"] = _rights(who, ticket)
        _compare(f"details of {ticket.number} for {who.name}", wanted, _plain(found))
        if with_history:
            await self._history(who, ticket, f"{path}/history")

    async def _history(self, who: Anybody, ticket: Ticket, path: str) -> None:
        history = await self._get(who, path, limit=200)
        entries = [_entry(item) for item in history["items"] if item["type"] not in _OTHERS]
        users = {one.id for one in self._cast.clients.values()}
        is_client = isinstance(who, ClientSide)
        wanted = shown.client_history(ticket, users) if is_client else shown.staff_history(ticket)
        if entries != wanted:
            raise Differs(f"history of {ticket.number} for {who.name}:\n{_lines(wanted)}\nis\n{_lines(entries)}")

    def _refusal(self, who: Anybody, ticket: Ticket) -> int | None:
        """A deleted ticket is a tombstone for whoever sees all, and for who deleted it."""
        if not who.is_let_in:
            return 401
        if ticket.is_there:
            return None if sees(who, ticket) else 404
        is_told = isinstance(who, System)
        if isinstance(who, Administrator):
            is_told = who.role == "owner" or ticket.deleted_by == who.actor
        return 410 if is_told else 404

    async def draft(self, who: Administrator, ticket: Ticket) -> None:
        if not who.is_let_in or not ticket.is_there or not who.may(ANSWER, ticket):
            return
        path, draft = f"/api/intake/tickets/{ticket.id}/draft", ticket.drafts.get(who)
        found = await self._get(who, path, 404 if draft is None else 200)
        if draft is not None and found["text"] != draft:
            raise Differs(f"draft of {who.name} on {ticket.number}: {found['text']} instead of {draft}")

    # --- lists --------------------------------------------------------------------------------------

    async def listed(self, who: Anybody, sort: Sort = "weight", *, is_turned: bool = False, limit: int = 200) -> None:
        """All of the list, page by page."""
        if not who.is_let_in:
            await self._get(who, "/api/query/tickets", 401)
        elif isinstance(who, Administrator | System):
            wanted = lists.listed(self._seen(who), sort, self._model.now, is_turned=is_turned)
            order = {"order": "asc" if (sort in lists.DESCENDING) else "desc"} if is_turned else {}
            rows = await self._pages(who, "/api/query/tickets", sort=sort, limit=limit, **order)
            what = f"list of {who.name} by {sort}{' turned' if is_turned else ''}"
            _compare_rows(what, [shown.staff_row(ticket, self._model.now) for ticket in wanted], rows)
        else:
            tickets = [ticket for ticket in self._model.tickets if ticket.is_there and sees(who, ticket)]
            rows = await self._pages(who, "/api/query/my/tickets", state="all", limit=limit)
            wanted_rows = [shown.client_row(ticket, self._model.now) for ticket in lists.of_account(tickets)]
            _compare_rows(f"list of {who.name}", wanted_rows, rows)

    async def filtered(self, who: Administrator | System) -> None:
        """The list, filtered one way after another."""
        if not who.is_let_in:
            return
        for name, value, does in self._filters():
            wanted = lists.listed(filter(does, self._seen(who)), "weight", self._model.now)
            rows = await self._pages(who, "/api/query/tickets", limit=200, **{name: value})
            _compare_rows(
                f"list of {who.name} with {name} {value}",
                [shown.staff_row(ticket, self._model.now) for ticket in wanted],
                rows,
            )

    def _filters(self) -> Iterator[tuple[str, str, Any]]:
        now = self._model.now
        for account in self._cast.accounts:
            yield "account_id", account.id, lambda ticket, account=account: ticket.account is account
        for department in self._stage.departments.values():
            yield "department_id", department.id, lambda ticket, one=department: ticket.department is one
        yield "department_id", "00000000-0000-0000-0000-000000000000", lambda ticket: ticket.department is None
        for one in self._cast.staff.values():
            yield "responsible_id", one.id, lambda ticket, one=one: ticket.responsible is one
        for is_so in (True, False):
            text = str(is_so).lower()
            yield "waiting", text, lambda ticket, is_so=is_so: (ticket.wait is not None) is is_so
            yield "blocked", text, lambda ticket, is_so=is_so: (ticket.block is not None) is is_so
            yield "overdue", text, lambda ticket, is_so=is_so: shown.staff_row(ticket, now)["overdue"] is is_so

    def _seen(self, who: Anybody) -> list[Ticket]:
        return [ticket for ticket in self._model.active() if sees(who, ticket)]

    async def _pages(self, who: Anybody, path: str, **query: Any) -> list[Row]:
        rows: list[Row] = []
        cursor: dict[str, Any] = {}
        while True:
            page = await self._get(who, path, **query, **cursor)
            rows += page["items"]
            if page["next_cursor"] is None:
                return rows
            cursor = {"cursor": page["next_cursor"]}

    # --- everything ---------------------------------------------------------------------------------

    async def everything(self) -> None:
        """Every ticket as everybody sees it, and lists, each in another order."""
        callers = list(self._cast.callers.values())
        for number, who in enumerate(callers, self._stage.stories):
            for ticket in self._model.tickets:
                await self.ticket(who, ticket, with_history=number % 3 == 0)
                if isinstance(who, Administrator):
                    await self.draft(who, ticket)
            await self.listed(who, lists.SORTS[number % 4], is_turned=number % 3 == 0, limit=2)
        for sort in lists.SORTS:
            await self.listed(callers[0], sort, limit=3)
            await self.listed(callers[0], sort, is_turned=True, limit=3)
        for one in (self._cast.system, callers[self._stage.stories % len(self._cast.staff)]):
            assert isinstance(one, Administrator | System)
            await self.filtered(one)

    async def deadlines(self, ticket: Ticket) -> None:
        """Each missed deadline is told, and a warning before it, once and at their own instants."""
        found = await self._get(self._cast.system, f"/api/query/tickets/{ticket.id}/history", limit=200)
        for what, wanted in (("warned", shown.warnings), ("breached", shown.breaches)):
            told = [item["at"] for item in found["items"] if item["type"] == f"ticket.deadline_{what}.v1"]
            if told != (ats := wanted(ticket, self._model.now)):
                raise Differs(f"{ticket.number} was {what} of at {told} instead of {ats}")


async def eventually(look: Callable[[], Awaitable[None]]) -> None:
    """Look until nothing differs; what is different at last is told."""
    limit = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while True:
        try:
            return await look()
        except Differs:
            if asyncio.get_running_loop().time() > limit:
                raise
            await asyncio.sleep(0.02)


_OTHERS = {
    "ticket.weighed.v1",
    "ticket.deadline_set.v1",
    "ticket.deadline_warned.v1",
    "ticket.deadline_breached.v1",
}
"""What routing and sla tell."""


_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def _read(value: Any) -> Any:
    """JSON with its instants as such: they are written in more than one way."""
    if isinstance(value, dict):
        return {name: _read(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_read(one) for one in value]
    return datetime.fromisoformat(value) if isinstance(value, str) and _INSTANT.fullmatch(value) else value


def _plain(details: Row) -> Row:
    """Details without what is not known beforehand: ids of messages, the version, what sla said of earlier waits."""
    left_out = {"version", "target_seconds", "used_seconds"}
    plain = {name: value for name, value in details.items() if name not in left_out}
    if "breakdown" in plain:
        plain["breakdown"] = {rule["name"]: rule["points"] for rule in plain["breakdown"]}
    plain["messages"] = [_message(message) for message in details["messages"]]
    return plain


def _message(message: Row) -> Row:
    rating = message["rating"]
    plain = {name: message[name] for name in ("kind", "author", "acted_by", "channel", "at", "text")}
    return {**plain, "rating": rating and {name: rating[name] for name in ("rating", "user", "at")}}


def _entry(item: Row) -> Row:
    return {name: item[name] for name in ("type", "at", "actor", "on_behalf_of")}


def _lines(rows: Sequence[Row]) -> str:
    return "\n".join(f"  {row}" for row in rows)


def _rights(who: Anybody, ticket: Ticket) -> list[str]:
    return sorted(who.rights(ticket.department, ticket.responsible)) if isinstance(who, Administrator) else []


def _compare(what: str, wanted: Row, found: Row) -> None:
    if wanted == found:
        return
    names = [name for name in {**wanted, **found} if wanted.get(name, ...) != found.get(name, ...)]
    told = "\n".join(f"  {name}: {found.get(name, ...)} instead of {wanted.get(name, ...)}" for name in names)
    raise Differs(f"{what}:\n{told}")


def _compare_rows(what: str, wanted: Sequence[Row], found: Sequence[Row]) -> None:
    ids, found_ids = [row["number"] for row in wanted], [row["number"] for row in found]
    if ids != found_ids:
        raise Differs(f"{what}: {found_ids} instead of {ids}")
    for one, other in zip(wanted, found, strict=True):
        _compare(f"{what}, {one['number']}", one, other)
