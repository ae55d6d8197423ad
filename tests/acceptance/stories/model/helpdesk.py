"""What is asked of the helpdesk, and what must come of it: done, or refused and nothing changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from tests.acceptance.stories.model.people import (
    ANSWER,
    ASSIGN,
    DELETE,
    READ,
    UNBLOCK,
    Account,
    Acting,
    Administrator,
    Anybody,
    Category,
    Client,
    Department,
    System,
    sees,
    user_of,
)
from tests.acceptance.stories.model.ticket import BLOCK_LASTS, Block, Message, Rating, Ticket


class Refused(Exception):
    """The status, and the problem's type if the status alone does not say it."""

    def __init__(self, status: int, problem: str | None = None) -> None:
        super().__init__(status, problem)
        self.status = status
        self.problem = problem


Given = Literal["right", "stale", "none"]
"""What an edit is said to be based on."""


@dataclass
class Helpdesk:
    now: datetime
    closed_departments: set[Department] = field(default_factory=set)
    """Nobody can give a ticket to these."""
    tickets: list[Ticket] = field(default_factory=list)

    # --- who may ------------------------------------------------------------------------------------

    def _let_in(self, who: Anybody, *kinds: type) -> None:
        if not who.is_let_in:
            raise Refused(401)
        if not isinstance(who, kinds):
            raise Refused(403, "forbidden")

    def _admit(self, who: Anybody, ticket: Ticket, right: str) -> None:
        if not ticket.is_there or not sees(who, ticket):
            raise Refused(404, "ticket-not-found")
        if isinstance(who, Administrator) and not who.may(right, ticket):
            raise Refused(403, "forbidden")

    def _staff(self, who: Anybody, ticket: Ticket, right: str) -> Administrator:
        self._let_in(who, Administrator)
        assert isinstance(who, Administrator)
        self._admit(who, ticket, right)
        return who

    def _person(self, who: Anybody, ticket: Ticket, right: str) -> None:
        self._let_in(who, Administrator, Client, Acting)
        self._admit(who, ticket, right)

    def _tell(self, ticket: Ticket, what: str, who: Anybody) -> None:
        ticket.tell(what, self.now, who.actor, who.on_behalf_of)

    # --- submitting ---------------------------------------------------------------------------------

    def may_submit(self, who: Anybody, user: Client, category: Category) -> None:
        self._let_in(who, Administrator, Client, Acting, System)
        if isinstance(who, Client | Acting) and user_of(who) is not user:
            raise Refused(403, "forbidden")
        if isinstance(who, Administrator) and not who.may_answer_somewhere():
            raise Refused(403, "forbidden")
        if not user.enabled or not category.is_open:
            raise Refused(422)

    def submit(
        self, who: Anybody, user: Client, category: Category, urgency: str, words: str, made: dict[str, Any]
    ) -> Ticket:
        """`made` is what the product has called it."""
        is_staff = isinstance(who, Administrator)
        ticket = Ticket(
            id=made["id"],
            number=made["number"],
            account=user.account,
            user=user,
            category=category,
            project=user.account.project,
            urgency=urgency,
            channel="api" if isinstance(who, System) else "panel",
            subject=words,
            opened_at=self.now,
            active_at=self.now,
            judged_at=self.now,
        )
        author = who if is_staff else user
        acted_by = who.administrator if isinstance(who, Acting) else None
        kind: Literal["staff", "client"] = "staff" if is_staff else "client"
        ticket.messages.append(Message(kind, self.now, words, author, acted_by, ticket.channel))
        self._tell(ticket, "opened", who)
        if not is_staff:
            ticket.begin_to_wait(self.now)
        ticket.route(self.now)
        self.tickets.append(ticket)
        return ticket

    # --- writing ------------------------------------------------------------------------------------

    def reply(self, who: Anybody, ticket: Ticket, words: str) -> None:
        self._person(who, ticket, ANSWER)
        assert isinstance(who, Client | Acting)
        if ticket.state == "closed":
            ticket.reopen(self.now)
            self._tell(ticket, "reopened", who)
        acted_by = who.administrator if isinstance(who, Acting) else None
        ticket.messages.append(Message("client", self.now, words, user_of(who), acted_by, "panel"))
        ticket.active_at = self.now
        self._tell(ticket, "replied", who)
        ticket.begin_to_wait(self.now)

    def answer(self, who: Administrator, ticket: Ticket, words: str, token: int | None, *, close: bool) -> None:
        self._let_in(who, Administrator)
        if token is None:
            raise Refused(422)
        self._staff(who, ticket, ANSWER)
        if ticket.state == "closed":
            ticket.drafts[who] = words
            raise Refused(409, "ticket-closed")
        self._require_block(who, ticket, token, words)
        ticket.messages.append(Message("staff", self.now, words, who))
        self._tell(ticket, "answered", who)
        ticket.stop_waiting(self.now)
        ticket.answered_at, ticket.closes_at, ticket.active_at = self.now, None, self.now
        ticket.unread_answers += 1
        ticket.end_block(self.now, who.actor)
        if close:
            ticket.close(self.now, "by_hand")
            self._tell(ticket, "closed", who)
        ticket.drafts.pop(who, None)

    def note(self, who: Anybody, ticket: Ticket, words: str, token: int | None) -> None:
        staff = self._staff(who, ticket, ANSWER)
        if token is not None:
            self._require_block(staff, ticket, token, words)
        ticket.messages.append(Message("note", self.now, words, who))
        self._tell(ticket, "noted", who)
        if token is not None:
            ticket.end_block(self.now, who.actor)
        ticket.drafts.pop(staff, None)

    def _require_block(self, who: Administrator, ticket: Ticket, token: int, words: str | None = None) -> None:
        """What cannot be sent any more is kept."""
        if ticket.block is None or (ticket.block.holder, ticket.block.token) != (who, token):
            if words is not None:
                ticket.drafts[who] = words
            raise Refused(409, "block-lost")

    def read(self, who: Anybody, ticket: Ticket) -> None:
        self._person(who, ticket, READ)
        if isinstance(who, Client) and ticket.unread_answers:
            ticket.unread_answers = 0
            self._tell(ticket, "answer_read", who)
        if isinstance(who, Administrator) and ticket.unread and who.may(ANSWER, ticket):
            ticket.unread = False
            self._tell(ticket, "read", who)

    def rate(self, who: Anybody, ticket: Ticket, message: int, stars: int) -> None:
        self._let_in(who, Client, Acting)
        assert isinstance(who, Client | Acting)
        self._admit(who, ticket, READ)
        if ticket.messages[message].kind != "staff" or message == 0:
            raise Refused(404, "answer-not-found")
        ticket.messages[message].rating = Rating(stars, user_of(who), self.now)
        self._tell(ticket, "rated", who)

    def save_draft(self, who: Anybody, ticket: Ticket, words: str) -> None:
        ticket.drafts[self._staff(who, ticket, ANSWER)] = words

    def read_draft(self, who: Anybody, ticket: Ticket) -> str:
        staff = self._staff(who, ticket, ANSWER)
        if staff not in ticket.drafts:
            raise Refused(404, "no-draft")
        return ticket.drafts[staff]

    def discard_draft(self, who: Anybody, ticket: Ticket) -> None:
        ticket.drafts.pop(self._staff(who, ticket, ANSWER), None)

    # --- the block ----------------------------------------------------------------------------------

    def block(self, who: Anybody, ticket: Ticket) -> None:
        staff = self._staff(who, ticket, ANSWER)
        if ticket.state == "closed":
            raise Refused(409, "ticket-closed")
        self._require_no_other(staff, ticket)
        if ticket.block is None:
            ticket.tokens += 1
            ticket.block = Block(staff, ticket.tokens, self.now, self.now)
            self._tell(ticket, "blocked", who)
        ticket.block.expires = self.now + BLOCK_LASTS

    def renew(self, who: Anybody, ticket: Ticket, token: int) -> None:
        staff = self._staff(who, ticket, ANSWER)
        self._require_block(staff, ticket, token)
        assert ticket.block is not None
        ticket.block.expires = self.now + BLOCK_LASTS

    def release(self, who: Anybody, ticket: Ticket, token: int) -> None:
        self._staff(who, ticket, ANSWER)
        if ticket.block is not None and (ticket.block.holder, ticket.block.token) == (who, token):
            ticket.end_block(self.now, who.actor)

    def unblock(self, who: Anybody, ticket: Ticket) -> None:
        self._staff(who, ticket, UNBLOCK)
        ticket.end_block(self.now, who.actor)

    def _require_no_other(self, who: Anybody, ticket: Ticket) -> None:
        if ticket.block is not None and ticket.block.holder is not who:
            raise Refused(409, "ticket-blocked")

    # --- properties ---------------------------------------------------------------------------------

    def edit(self, who: Anybody, ticket: Ticket, given: Given, **wanted: Any) -> None:
        self._let_in(who, Administrator)
        self._based_on(who, ticket, ANSWER, given)
        category: Category = wanted.get("category", ticket.category)
        if category is not ticket.category and not category.is_open:
            raise Refused(422)
        changed = {name for name, value in wanted.items() if getattr(ticket, name) != value}
        for name in changed:
            setattr(ticket, name, wanted[name])
        if changed:
            self._tell(ticket, "edited", who)
        if "category" in changed:
            ticket.route(self.now)

    def _based_on(self, who: Anybody, ticket: Ticket, right: str, given: Given) -> Administrator:
        if given == "none":
            raise Refused(428)
        staff = self._staff(who, ticket, right)
        if given == "stale":
            raise Refused(412)
        return staff

    def assign(self, who: Anybody, ticket: Ticket, given: Given, to: Administrator | None) -> None:
        self._let_in(who, Administrator)
        self._based_on(who, ticket, ASSIGN, given)
        if to is not None and not to.enabled:
            raise Refused(422)
        self._make_responsible(who, ticket, to)

    def take(self, who: Anybody, ticket: Ticket, given: Given) -> None:
        self._let_in(who, Administrator)
        self._make_responsible(who, ticket, self._based_on(who, ticket, ASSIGN, given))

    def _make_responsible(self, who: Anybody, ticket: Ticket, to: Administrator | None) -> None:
        if ticket.responsible is not to:
            ticket.responsible = to
            self._tell(ticket, "assigned", who)

    def transfer(self, who: Anybody, ticket: Ticket, given: Given, to: Department) -> None:
        self._let_in(who, Administrator)
        self._based_on(who, ticket, ASSIGN, given)
        if to in self.closed_departments:
            raise Refused(422)
        self._require_no_other(who, ticket)
        if ticket.department is not to:
            ticket.end_block(self.now, who.actor)
            ticket.go_to(to, self.now)
            ticket.responsible, ticket.by_hand = None, True
            self._tell(ticket, "transferred", who)

    # --- its life -----------------------------------------------------------------------------------

    def close(self, who: Anybody, ticket: Ticket) -> None:
        self._person(who, ticket, ANSWER)
        if ticket.state == "closed":
            raise Refused(409, "ticket-closed")
        if isinstance(who, Administrator):
            self._require_no_other(who, ticket)
        ticket.end_block(self.now, who.actor, who.on_behalf_of)
        ticket.close(self.now, "by_hand")
        self._tell(ticket, "closed", who)

    def reopen(self, who: Anybody, ticket: Ticket) -> None:
        self._person(who, ticket, ANSWER)
        if ticket.state == "closed":
            ticket.reopen(self.now)
            self._tell(ticket, "reopened", who)

    def delete(self, who: Anybody, ticket: Ticket) -> None:
        self._staff(who, ticket, DELETE)
        ticket.state, ticket.deleted_by = "deleted", who.actor
        ticket.drafts.clear()

    # --- time and people ----------------------------------------------------------------------------

    def fall_due(self) -> list[Ticket]:
        """The tickets to which something has happened by time."""
        return [ticket for ticket in self.tickets if ticket.fall_due(self.now)]

    def judge(self, account: Account, attitude: str) -> None:
        if attitude != account.attitude_at(None):
            account.attitudes.append((self.now, attitude))

    def active(self) -> Iterable[Ticket]:
        return (ticket for ticket in self.tickets if ticket.state == "active")
