"""A story: what is asked of the product is asked of the model, too, and both must do the same."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

import httpx

from tests.acceptance.stories.look import Differs, Looking, eventually
from tests.acceptance.stories.model.helpdesk import Given, Helpdesk, Refused
from tests.acceptance.stories.model.lists import SORTS
from tests.acceptance.stories.model.people import (
    Account,
    Administrator,
    Anybody,
    Category,
    Client,
    Department,
    System,
    user_of,
)
from tests.acceptance.stories.model.ticket import Ticket
from tests.acceptance.stories.stage import Cast, Stage, email_of

LONGEST_SECONDS = 7 * 3600
"""Of a story: after eight hours the administrator no longer acts as the client."""


@dataclass
class Sent:
    """A command that was done, to be sent again."""

    who: Anybody
    path: str
    body: Any
    key: str
    answer: httpx.Response


@dataclass
class Story:
    stage: Stage
    cast: Cast
    model: Helpdesk
    looking: Looking = field(init=False)
    sent: list[Sent] = field(default_factory=list)
    steps: int = 0
    lasted: float = 0
    seen: Counter[str] = field(default_factory=Counter)
    """How often something was refused, or sent again."""
    _unseen: list[Ticket] = field(default_factory=list)
    """Tickets to which something has happened by time that nobody has waited for yet."""

    def __post_init__(self) -> None:
        self.looking = Looking(self.stage, self.model, self.cast)

    # --- asking both --------------------------------------------------------------------------------

    async def _do(
        self,
        who: Anybody,
        ticket: Ticket,
        what: str,
        body: Any,
        in_model: Callable[[], object],
        *,
        method: str = "POST",
        **options: Any,
    ) -> httpx.Response:
        """Do something to a ticket, and look at it."""
        path, key = f"/api/intake/tickets/{ticket.id}{what}", str(uuid4())
        answer = await self.stage.send(who, method, path, body, key=key, **options)
        self._agree(answer, in_model)
        if answer.is_success and method == "POST":
            self.sent.append(Sent(who, path, body, key, answer))
        await self._look(answer, ticket)
        return answer

    def _agree(self, answer: httpx.Response, in_model: Callable[[], object]) -> Any:
        """The model does or refuses what the product has done or refused."""
        made, wanted, found = None, "success", "success" if answer.is_success else f"{answer.status_code}"
        try:
            made = in_model()
        except Refused as refusal:
            wanted = f"{refusal.status} {refusal.problem or ''}".strip()
            found = f"{answer.status_code} {_slug(answer) if refusal.problem else ''}".strip()
            self.seen[wanted] += 1
        if found != wanted:
            raise Differs(f"{wanted} wanted, and {answer.status_code} answered: {answer.text}")
        self._fall_due()
        return made

    def _fall_due(self) -> None:
        self._unseen += self.model.fall_due()

    # --- looking ------------------------------------------------------------------------------------

    async def _look(self, answer: httpx.Response | None, *tickets: Ticket) -> None:
        """At the tickets in question, and at a list, each time somebody else's."""
        if answer is not None and (token := answer.headers.get("Consistency-Token")):
            await self.looking.settled(token)
        await self.notice()
        self.steps += 1
        for ticket in tickets:
            await self.looking.ticket(self.cast.staff["Olga"], ticket, with_history=self.steps % 3 == 0)
        viewers = list(self.cast.callers.values())
        await self.looking.listed(viewers[self.steps % len(viewers)], SORTS[self.steps % 4])

    async def notice(self) -> None:
        """Wait until what fell due is to be seen."""
        for ticket in self._unseen:
            await eventually(partial(self.looking.ticket, self.cast.staff["Olga"], ticket))
        self._unseen.clear()

    # --- commands -----------------------------------------------------------------------------------

    async def submit(self, who: Anybody, user: Client, category: Category, urgency: str, words: str) -> Ticket | None:
        body: dict[str, Any] = {"category_id": category.id, "subject": words, "text": words, "urgency": urgency}
        if isinstance(who, Administrator | System) or user_of(who) is not user:
            body["user_id"] = user.id
        key = str(uuid4())
        answer = await self.stage.send(who, "POST", "/api/intake/tickets", body, key=key)
        self._agree(answer, lambda: self.model.may_submit(who, user, category))
        if not answer.is_success:
            await self._look(answer)
            return None
        ticket = self.model.submit(who, user, category, urgency, words, answer.json())
        self.sent.append(Sent(who, "/api/intake/tickets", body, key, answer))
        await self._look(answer, ticket)
        return ticket

    async def write(self, who: Anybody, ticket: Ticket, words: str, token: int | None, *, close: bool) -> None:
        """A client's message, or an administrator's answer."""
        body: dict[str, Any] = {"text": words}
        if isinstance(who, Administrator):
            body |= {"token": token, "close": close}
            await self._do(
                who, ticket, "/replies", body, lambda: self.model.answer(who, ticket, words, token, close=close)
            )
            await self.looking.draft(who, ticket)
        else:
            await self._do(who, ticket, "/replies", body, lambda: self.model.reply(who, ticket, words))

    async def note(self, who: Anybody, ticket: Ticket, words: str, token: int | None) -> None:
        body = {"text": words, "token": token}
        await self._do(who, ticket, "/notes", body, lambda: self.model.note(who, ticket, words, token))
        if isinstance(who, Administrator):
            await self.looking.draft(who, ticket)

    async def read(self, who: Anybody, ticket: Ticket) -> None:
        await self._do(who, ticket, "/read", None, lambda: self.model.read(who, ticket))

    async def block(self, who: Anybody, ticket: Ticket) -> None:
        answer = await self._do(who, ticket, "/block", None, lambda: self.model.block(who, ticket))
        if answer.is_success:
            block, has_draft = answer.json()["block"], answer.json()["has_draft"]
            if (block["token"], has_draft) != (ticket.tokens, who in ticket.drafts):
                raise Differs(f"took the block: {answer.text}, and there were {ticket.tokens}")

    async def renew(self, who: Anybody, ticket: Ticket, token: int) -> None:
        await self._do(who, ticket, "/block/renew", {"token": token}, lambda: self.model.renew(who, ticket, token))

    async def release(self, who: Anybody, ticket: Ticket, token: int) -> None:
        act = lambda: self.model.release(who, ticket, token)  # noqa: E731
        await self._do(who, ticket, "/block", None, act, method="DELETE", token=token)

    async def unblock(self, who: Anybody, ticket: Ticket) -> None:
        await self._do(who, ticket, "/unblock", None, lambda: self.model.unblock(who, ticket))

    async def close(self, who: Anybody, ticket: Ticket) -> None:
        await self._do(who, ticket, "/close", None, lambda: self.model.close(who, ticket))

    async def reopen(self, who: Anybody, ticket: Ticket) -> None:
        await self._do(who, ticket, "/reopen", None, lambda: self.model.reopen(who, ticket))

    async def delete(self, who: Anybody, ticket: Ticket) -> None:
        await self._do(who, ticket, "", None, lambda: self.model.delete(who, ticket), method="DELETE")
        if not ticket.is_there:
            for viewer in self.cast.callers.values():
                await self.looking.ticket(viewer, ticket)

    # --- properties ---------------------------------------------------------------------------------

    async def edit(self, who: Anybody, ticket: Ticket, given: Given, **wanted: Any) -> None:
        body = {_MEMBERS.get(name, name): getattr(value, "id", value) for name, value in wanted.items()}
        version = await self._version(ticket, given)
        act = lambda: self.model.edit(who, ticket, given, **wanted)  # noqa: E731
        await self._do(who, ticket, "", body, act, method="PATCH", if_match=version)

    async def take(self, who: Anybody, ticket: Ticket, given: Given) -> None:
        version = await self._version(ticket, given)
        await self._do(who, ticket, "/take", None, lambda: self.model.take(who, ticket, given), if_match=version)

    async def assign(self, who: Anybody, ticket: Ticket, given: Given, to: Administrator | None) -> None:
        version, body = await self._version(ticket, given), {"responsible_id": to and to.id}
        await self._do(
            who, ticket, "/assign", body, lambda: self.model.assign(who, ticket, given, to), if_match=version
        )

    async def transfer(self, who: Anybody, ticket: Ticket, given: Given, to: Department) -> None:
        version, body = await self._version(ticket, given), {"department_id": to.id}
        act = lambda: self.model.transfer(who, ticket, given, to)  # noqa: E731
        await self._do(who, ticket, "/transfer", body, act, if_match=version)

    async def _version(self, ticket: Ticket, given: Given) -> str | None:
        """What an edit is based on; what fell due is a change of the ticket, too."""
        if given == "none" or not ticket.is_there:
            return None if given == "none" else "*"
        await self.notice()
        path = f"/api/query/tickets/{ticket.id}"
        found = await self.stage.send(self.cast.staff["Olga"], "GET", path)
        version = int(found.headers["ETag"].strip('"'))
        return f'"{version - (given == "stale")}"'

    # --- drafts and ratings -------------------------------------------------------------------------

    async def save_draft(self, who: Anybody, ticket: Ticket, words: str) -> None:
        act = lambda: self.model.save_draft(who, ticket, words)  # noqa: E731
        await self._do(who, ticket, "/draft", {"text": words}, act, method="PUT")
        await self._read_draft(who, ticket)

    async def discard_draft(self, who: Anybody, ticket: Ticket) -> None:
        await self._do(who, ticket, "/draft", None, lambda: self.model.discard_draft(who, ticket), method="DELETE")
        await self._read_draft(who, ticket)

    async def _read_draft(self, who: Anybody, ticket: Ticket) -> None:
        answer = await self.stage.send(who, "GET", f"/api/intake/tickets/{ticket.id}/draft")
        text = self._agree(answer, lambda: self.model.read_draft(who, ticket))
        if text is not None and answer.json()["text"] != text:
            raise Differs(f"draft of {who.name}: {answer.text} instead of {text}")

    async def rate(self, who: Anybody, ticket: Ticket, which: int, stars: int) -> None:
        """An answer, or some other message; the first one is no answer, whoever wrote it."""
        if not ticket.is_there:
            return
        await self.notice()
        answers = [place for place, message in enumerate(ticket.messages) if place and message.kind == "staff"]
        which = answers[which % len(answers)] if answers and which % 4 else which % len(ticket.messages)
        found = await self.stage.send(self.cast.staff["Olga"], "GET", f"/api/query/tickets/{ticket.id}")
        message = found.json()["messages"][which]["id"]
        act = lambda: self.model.rate(who, ticket, which, stars)  # noqa: E731
        await self._do(who, ticket, f"/messages/{message}/rating", {"rating": stars}, act)

    # --- many at once, and again ----------------------------------------------------------------------

    async def do_to_many(
        self, who: Anybody, tickets: Sequence[Ticket], action: str, to: Administrator | Department | None = None
    ) -> None:
        body: dict[str, Any] = {"action": action, "ticket_ids": [ticket.id for ticket in tickets]}
        if action in {"assign", "transfer"}:
            body[{"assign": "responsible_id", "transfer": "department_id"}[action]] = to and to.id
        key = str(uuid4())
        answer = await self.stage.send(who, "POST", "/api/intake/tickets/bulk", body, key=key)
        wanted = self._agree(answer, lambda: self._results(who, tickets, action, to))
        if answer.is_success:
            found = [(one["ticket_id"], one["status"]) for one in answer.json()["results"]]
            if found != wanted:
                raise Differs(f"{action} by {who.name}: {found} instead of {wanted}")
            self.sent.append(Sent(who, "/api/intake/tickets/bulk", body, key, answer))
        await self._look(answer, *dict.fromkeys(tickets))

    def _results(self, who: Anybody, tickets: Sequence[Ticket], action: str, to: Any) -> list[tuple[str, int]]:
        if not who.is_let_in:
            raise Refused(401)
        if not isinstance(who, Administrator):
            raise Refused(403, "forbidden")
        acts: dict[str, Callable[[Ticket], None]] = {
            "unblock": lambda ticket: self.model.unblock(who, ticket),
            "close": lambda ticket: self.model.close(who, ticket),
            "delete": lambda ticket: self.model.delete(who, ticket),
            "assign": lambda ticket: self.model.assign(who, ticket, "right", to),
            "transfer": lambda ticket: self.model.transfer(who, ticket, "right", to),
        }
        return [(ticket.id, _status(acts[action], ticket)) for ticket in dict.fromkeys(tickets)]

    async def send_again(self, which: int, *, other_body: bool) -> None:
        """Send a command again with its key: nothing more happens; with another body it is refused."""
        if not self.sent:
            return
        sent = self.sent[which % len(self.sent)]
        body = {"text": "Something else", "token": 0} if other_body else sent.body
        if other_body and not sent.path.endswith("/replies"):
            return
        answer = await self.stage.send(sent.who, "POST", sent.path, body, key=sent.key)
        if not sent.who.is_let_in:
            wanted: tuple[int, str | None] = (401, None)
        elif other_body:
            wanted = (422, "idempotency-key-reused")
        else:
            wanted = (sent.answer.status_code, None)
        found = (answer.status_code, _slug(answer) if wanted[1] else None)
        if found != wanted:
            raise Differs(
                f"sent again by {sent.who.name}, {sent.path}: {answer.status_code} {answer.text}, not {wanted}"
            )
        if answer.is_success and answer.json().get("id") != sent.answer.json().get("id"):
            raise Differs(f"sent again: {answer.text}, and before {sent.answer.text}")
        self.seen["sent again"] += answer.is_success
        self._fall_due()
        await self._look(answer, *self._named_in(sent))

    def _named_in(self, sent: Sent) -> list[Ticket]:
        return [ticket for ticket in self.model.tickets if ticket.id in f"{sent.path} {sent.body} {sent.answer.text}"]

    # --- people and time ------------------------------------------------------------------------------

    async def judge(self, account: Account, attitude: str) -> None:
        olga = self.cast.staff["Olga"]
        answer = await self.stage.send(olga, "PATCH", f"/api/accounts/accounts/{account.id}", {"attitude": attitude})
        self._agree(answer, lambda: self.model.judge(account, attitude))
        await self._look(answer, *(ticket for ticket in self.model.tickets if ticket.account is account))

    async def enable(self, who: Administrator | Client, *, enabled: bool) -> None:
        """Disabled, they are not let in any more, nor who acts as them; enabled, they sign in anew."""
        olga, acting = self.cast.staff["Olga"], self.cast.acting
        was_enabled = who.enabled
        answer = await self.stage.enable(olga, who, enabled=enabled)
        if enabled and not was_enabled:
            for one in (who, *([acting] if who is acting.client else [])):
                await self._stays_out(one)
            email = who.email if isinstance(who, Client) else email_of(who.name)
            self.stage.tokens[who] = await self.stage.sign_in(email)
            if who is acting.client:
                self.stage.tokens[acting] = await self.stage.act(acting.administrator, acting.client)
        await self._look(answer)

    async def _stays_out(self, who: Anybody) -> None:
        """The tokens of before stay bad."""
        for path in ("/api/query/my/account", "/api/intake/categories"):
            answer = await self.stage.send(who, "GET", path)
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                raise Differs(f"{who.name} was disabled, and gets {answer.status_code} from {path}")

    async def move(self, who: Administrator, department: Department) -> None:
        """Make somebody a member of a department, or no more."""
        (who.departments.discard if department in who.departments else who.departments.add)(department)
        answer = await self.stage.place_members(self.cast.staff["Olga"], department)
        await self._look(answer)
        await self.looking.listed(who)

    def time_passes(self, seconds: float) -> None:
        """Nobody looks: what fell due is noticed by the next command, or by itself."""
        if self.lasted + seconds <= LONGEST_SECONDS:
            self.lasted += seconds
            self.model.now = self.stage.clock.advance(seconds)
            self._fall_due()

    # --- the end --------------------------------------------------------------------------------------

    async def look_at_everything(self) -> None:
        await self.notice()
        await self.looking.everything()

    async def close_up(self) -> None:
        """Nothing of it stays in the lists of the next story."""
        olga = self.cast.staff["Olga"]
        if opened := list(self.model.active()):
            for action in ("unblock", "close"):
                await self.do_to_many(olga, opened, action)
        assert not list(self.model.active())


_MEMBERS = {"category": "category_id", "project": "project_id"}


def _slug(answer: httpx.Response) -> str:
    """The last word of a problem's type."""
    return str(answer.json()["type"]).rsplit(":", 1)[-1] if answer.is_error else ""


def _status(act: Callable[[Ticket], None], ticket: Ticket) -> int:
    try:
        act(ticket)
    except Refused as refusal:
        return refusal.status
    return 200
