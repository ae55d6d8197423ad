"""Deciding who is told of what, and what is delivered to which webhook; once for each event, and never in a rebuild.

A notification's id is made of its cause, kind and recipient, and is an entity of the log: deciding the same again, after a
source was restored or refilled, finds it there. What is older than this installation, or than a set age, is nobody's news.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.accounts import UserDeleted
from libs.events.catalogue.intake import MailBounced, TicketDeleted
from libs.events.catalogue.notify import NotificationRequested
from libs.events.catalogue.sla import DeadlineSet
from libs.events.envelope import Cause, Event
from libs.events.log import Change, Log, NewEvent
from libs.events.projection import Connection, Decider
from services.notify.domain.bounces import is_of_address
from services.notify.domain.kinds import Kind
from services.notify.domain.notices import HEEDED, Notice, notices
from services.notify.domain.recipients import Placed, Team, recipients
from services.notify.domain.schedule import Wanted, is_news, wanted
from services.notify.settings import Settings
from services.notify.store import facts, outbox, preferences
from services.notify.wakes import Wakes
from services.notify.webhooks.taking_in import WebhookIntake

NOTIFICATION = "notification"


class Deciding(Decider):
    """The decider. It sends nothing: it fills the outbox, in the transaction that holds the checkpoint."""

    def __init__(self, log: Log, settings: Settings, wakes: Wakes) -> None:
        self._log = log
        self._settings = settings
        self._wakes = wakes
        self._woken: set[asyncio.Event] = set()
        """Whom to wake once it is committed; after a rollback, for nothing."""
        self._beginning: datetime | None = None
        self._webhooks = WebhookIntake(settings.webhook_kept_seconds)

    async def decide(self, connection: Connection, events: Sequence[Event]) -> int | None:
        now = await self._log.now(connection)
        self._beginning = beginning = self._beginning or await outbox.begin(connection, now)
        await self._erase(connection, events)
        if await self._webhooks.take_in(connection, events, now):
            self._woken.add(self._wakes.webhooks)
        if not self._settings.smtp_host:
            return None
        return await self._tell(connection, events, beginning, now)

    def committed(self) -> None:
        """Only now do the workers find what was put there for them."""
        while self._woken:
            self._woken.pop().set()

    async def _erase(self, connection: Connection, events: Sequence[Event]) -> None:
        """Whatever is kept of what is deleted now goes with it."""
        if tickets := [UUID(event.entity) for event in events if event.type == TicketDeleted.TYPE]:
            await outbox.forget_tickets(connection, tickets)
        if people := [UUID(event.entity) for event in events if event.type == UserDeleted.TYPE]:
            await outbox.forget_people(connection, people)

    async def _tell(
        self, connection: Connection, events: Sequence[Event], beginning: datetime, now: datetime
    ) -> int | None:
        oldest = self._settings.notify_oldest_seconds
        gone = {event.entity for event in events if event.type == TicketDeleted.TYPE}
        found = [
            notice
            for event in events
            if event.type in HEEDED and event.entity not in gone and not event.redacted
            for notice in notices(event, CATALOGUE.read(event))
        ]
        found += await outbox.take_postponed(connection)
        position = await self._put(connection, [one for one in found if is_news(one.at, beginning, now, oldest)], now)
        due = [event for event in events if event.type == DeadlineSet.TYPE and event.data["due_at"]]
        if due:
            await outbox.hurry(connection, [UUID(event.entity) for event in due], now)
        if due or position:
            self._woken.add(self._wakes.mail)
        await self._mark_addresses(connection, events, now)
        return position

    async def _mark_addresses(self, connection: Connection, events: Sequence[Event], now: datetime) -> None:
        for event in events:
            if event.type == MailBounced.TYPE:
                bounced = CATALOGUE.read(event)
                assert isinstance(bounced, MailBounced)
                if bounced.notification_id and bounced.status and is_of_address(bounced.status):
                    await outbox.bounced(connection, bounced.notification_id, bounced.status, now)

    async def _put(self, connection: Connection, found: Sequence[Notice], now: datetime) -> int | None:
        """Keep what somebody wants to be told of; put off what another source has to say whom it is about."""
        placed = await facts.placed(connection, {one.ticket for one in found if one.ticket})
        departments = {one.department for one in found if one.department}
        departments |= {one.department for one in placed.values() if one.department}
        teams = await facts.teams(connection, departments)
        position, later = None, list[Notice]()
        for notice in found:
            if _is_early(notice, placed, teams):
                later.append(notice)
            else:
                position = await self._put_one(connection, notice, placed, teams, now) or position
        if later:
            await outbox.postpone(connection, later)
        return position

    async def _put_one(
        self,
        connection: Connection,
        notice: Notice,
        placed: Mapping[UUID, Placed],
        teams: Mapping[UUID, Team],
        now: datetime,
    ) -> int | None:
        ticket = placed.get(notice.ticket) if notice.ticket else None
        department = notice.department or (ticket.department if ticket else None)
        told = recipients(notice, ticket, teams.get(department) if department else None)
        if notice.kind is Kind.CLOSED and await self._is_said_by_answer(connection, notice):
            return None
        position, chosen = None, await preferences.of(connection, told)
        for person in sorted(told):
            one = wanted(notice, person, chosen[person], now, self._settings.mail_settle_seconds)
            if one and await outbox.put(connection, one):
                position = await self._say(connection, one, now)
        return position

    async def _is_said_by_answer(self, connection: Connection, notice: Notice) -> bool:
        """Answered and closed at once is one mail: the answer, which says that it is closed."""
        assert notice.ticket
        return await outbox.was_answered(connection, notice.ticket, notice.correlation)

    async def _say(self, connection: Connection, one: Wanted, now: datetime) -> int:
        notice = one.notice
        said = NotificationRequested(
            kind=notice.kind, recipient_id=one.recipient, ticket_id=notice.ticket, cause_id=notice.cause
        )
        cause = Cause(actor="service:notify", correlation=notice.correlation, causation=str(notice.cause))
        change = Change(one.id, NOTIFICATION, 0, [NewEvent(said)], b"{}")
        return await self._log.append([change], cause, now, executor=connection)


def _is_early(notice: Notice, placed: Mapping[UUID, Placed], teams: Mapping[UUID, Team]) -> bool:
    if notice.ticket is None:
        return False
    if notice.ticket not in placed:
        return True
    return notice.department is not None and notice.department not in teams
