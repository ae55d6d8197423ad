"""Made-up logs of all services, as their days might have gone: for the benchmarks, and for tests of what folds them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from uuid import UUID

from libs.events.catalogue import CATALOGUE, EventData, accounts, intake, routing, sla
from libs.events.envelope import Cause, Event
from libs.worktime import Calendar, WorkingTime, to_micros

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
WORKDAY = [["08:00", "13:00"], ["14:00", "18:00"]]
CALENDAR = Calendar.model_validate(
    {
        "time_zone": "Europe/Berlin",
        "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), WORKDAY),
    }
)
TARGET = timedelta(hours=4)
SERVICES = ("accounts", "intake", "routing", "sla")
Told = tuple[datetime, str, UUID, EventData, str]
"""When, by which service, about what, what, by whom."""


@dataclass
class Stories:
    """`tickets` of them over some days, by `seed`. A share of them is still active at the end; some are deleted."""

    tickets: int
    seed: int = 1
    customers: int = 50
    teams: int = 5
    days: float = 5
    active_share: float = 0.3
    deleted_share: float = 0.05
    text: str = "Since this morning nothing gets through. " * 4
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self.account_ids = self._ids(self.customers)
        self.user_ids = self._ids(self.customers)
        self.staff_ids = self._ids(20)
        self.department_ids = self._ids(self.teams)
        self.category_ids = self._ids(8)
        self.project_ids = self._ids(3)
        self.group_ids = self._ids(3)

    def _ids(self, count: int) -> list[UUID]:
        return [self._id(START) for _ in range(count)]

    def _id(self, at: datetime) -> UUID:
        """A UUIDv7 of an instant."""
        stamp = to_micros(at) // 1000
        bits = self._chance.getrandbits(74)
        return UUID(int=stamp << 80 | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & (2**62 - 1))

    @cached_property
    def hours(self) -> WorkingTime:
        return WorkingTime(CALENDAR, START - timedelta(days=30))

    def logs(self) -> dict[str, list[Event]]:
        """Each service's log."""
        (logs,) = self.chapters()
        return logs

    def chapters(self, count: int = 1) -> Iterator[dict[str, list[Event]]]:
        """The logs in so many pieces, each of a later part of the days: of millions of tickets, one at a time has room.

        A ticket's story is all in one of them, so the last events of a piece may be later than the first of the next.
        """
        last = dict.fromkeys(SERVICES, 0)
        for chapter in range(count):
            told = [] if chapter else [*self._organisation()]
            begin = START + timedelta(days=self.days * chapter / count)
            for number in range(self.tickets * chapter // count + 1, self.tickets * (chapter + 1) // count + 1):
                told += self._story(number, begin, self.days / count)
            told.sort(key=lambda one: one[0])
            yield self._written(told, last)

    def _written(self, told: list[Told], last: dict[str, int]) -> dict[str, list[Event]]:
        """Of each service; `last` is the position that each has come to."""
        logs: dict[str, list[Event]] = {service: [] for service in SERVICES}
        versions: dict[tuple[str, UUID], int] = {}
        for at, service, entity, data, actor in told:
            version = versions[service, entity] = versions.get((service, entity), 0) + 1
            event = self._event(last[service], at, service, entity, version, data, actor)
            last[service] = event.position
            logs[service].append(event)
        return logs

    def _event(
        self, before: int, at: datetime, service: str, entity: UUID, version: int, data: EventData, actor: str
    ) -> Event:
        return Event(
            id=str(self._id(at)),
            type=data.TYPE,
            service=service,
            entity=str(entity),
            version=version,
            time=at,
            epoch=f"epoch-of-{service}",
            position=before + self._chance.choice((1, 1, 1, 2)),
            predecessor=before,
            cause=Cause(actor, correlation="story"),
            data=data.model_dump(mode="json"),
        )

    # --- how the provider is organised --------------------------------------------------------

    def _organisation(self) -> Iterator[Told]:
        at, actor = START - timedelta(days=1), "service:setup"
        for number, group in enumerate(self.group_ids):
            yield at, "accounts", group, accounts.GroupCreated(name=f"Group {number}"), actor
        for number, project in enumerate(self.project_ids):
            yield at, "accounts", project, accounts.ProjectCreated(name=f"Project {number}"), actor
        for number, (account, user) in enumerate(zip(self.account_ids, self.user_ids, strict=True)):
            yield at, "accounts", account, self._account(number), actor
            if number % 5 == 0:
                yield START + timedelta(days=self.days / 2), "accounts", account, self._changed(number), actor
            facts = accounts.UserCreated(account_id=account, name=f"User {number}", email=f"u{number}@example.com")
            yield at, "accounts", user, facts, actor
        for number, staff in enumerate(self.staff_ids):
            facts_of = accounts.AdministratorCreated(name=f"Staff {number}", email=f"s{number}@example.com")
            yield at, "accounts", staff, facts_of, actor
        yield from self._departments(at, actor)

    def _account(self, number: int) -> accounts.AccountCreated:
        return accounts.AccountCreated(
            name=f"Account {number}",
            attitude=self._chance.choice(list(accounts.Attitude)),
            group_id=self._chance.choice([None, *self.group_ids]),
            project_id=self._chance.choice(self.project_ids),
        )

    def _changed(self, number: int) -> accounts.AccountChanged:
        """By then some of its tickets are there."""
        attitude = list(accounts.Attitude)[number % 3]
        group = [None, *self.group_ids][number % 4]
        return accounts.AccountChanged(name=f"Account {number}", attitude=attitude, group_id=group)

    def _departments(self, at: datetime, actor: str) -> Iterator[Told]:
        for number, category in enumerate(self.category_ids):
            department = self._chance.choice(self.department_ids)
            facts = routing.CategoryCreated(name=f"Category {number}", default_department_id=department)
            yield at, "routing", category, facts, actor
        table = self.hours.table(START - timedelta(days=30), START + timedelta(days=90))
        for number, department in enumerate(self.department_ids):
            yield at, "routing", department, routing.DepartmentCreated(name=f"Department {number}"), actor
            if number % 2 == 0:
                compiled = sla.CalendarCompiled(department_id=department, version=1, **table.model_dump())
                yield at, "sla", self._id(at), compiled, actor

    # --- a ticket -----------------------------------------------------------------------------

    def _story(self, number: int, begin: datetime, days: float) -> Iterator[Told]:
        at = begin + timedelta(days=days * self._chance.random())
        ticket = self._id(at)
        customer = self._chance.randrange(self.customers)
        client, staff = self.user_ids[customer], self._chance.choice(self.staff_ids)
        by_staff = self._chance.random() < 0.1
        told = _Teller(ticket, at, f"user:{staff if by_staff else client}", f"user:{staff}")
        opened = told.opened = self._opened(number, at, customer, waits=not by_staff)
        yield told.by_client(opened)
        yield from self._judged(told, opened.waiting_since)
        ends = [self._stays, self._is_answered, self._goes_on]
        share = (1 - self.active_share) / 2
        (goes_on,) = self._chance.choices(ends, (self.active_share, share, share))
        yield from goes_on(told, staff, client)
        if self._chance.random() < self.deleted_share:
            yield told.by_staff(intake.TicketDeleted(number=number), hours=30)

    def _opened(self, number: int, at: datetime, customer: int, *, waits: bool) -> intake.TicketOpened:
        return intake.TicketOpened(
            number=number,
            subject=f"Mail does not arrive ({number})",
            account_id=self.account_ids[customer],
            user_id=self.user_ids[customer],
            category_id=self._chance.choice(self.category_ids),
            project_id=self._chance.choice([None, *self.project_ids]),
            urgency=self._chance.choice(list(intake.Urgency)),
            channel=self._chance.choice(list(intake.Channel)),
            message_id=self._id(at),
            text=self.text,
            attachments=self._attachments(at),
            waiting_since=at if waits else None,
        )

    def _attachments(self, at: datetime) -> list[intake.Attachment]:
        if self._chance.random() < 0.8:
            return []
        return [intake.Attachment(id=self._id(at), name="headers.txt", content_type="text/plain", size=2048)]

    def _judged(self, told: "_Teller", since: datetime | None) -> Iterator[Told]:
        """Routing weighs and places it, intake adopts that, sla sets the deadline."""
        points = self._chance.choice((0, 0, 5, 15, 15, 40, -10))
        breakdown = [routing.Points(rule_id=self.category_ids[0], name="Rule", points=points)] if points else []
        yield told.by("routing", routing.TicketWeighed(points=points, breakdown=breakdown, judged_version=1))
        department = told.department = self._chance.choice(self.department_ids)
        decided = routing.DepartmentDecided(department_id=department, judged_version=1)
        yield told.by("routing", decided)
        yield told.by("intake", intake.TicketRouted(department_id=department, decision_id=told.ticket))
        if since:
            yield told.by("sla", self._deadline(department, since))
            if told.opened.number % 9 == 0:
                yield told.by("sla", self._escalated(since, told.at))

    def _escalated(self, since: datetime, at: datetime) -> sla.TicketEscalated:
        target = self.category_ids[0]
        return sla.TicketEscalated(
            waiting_since=since, at=at, on=sla.EscalateOn.WARNING, points=30, target_id=target, name="Urgent"
        )

    def _deadline(self, department: UUID, since: datetime) -> sla.DeadlineSet:
        has_hours = self.department_ids.index(department) % 2 == 0
        due = self.hours.due(since, TARGET) if has_hours else since + TARGET
        assert due is not None
        worked = self.hours.worked(since) // timedelta(microseconds=1) if has_hours else to_micros(since)
        return sla.DeadlineSet(
            waiting_since=since,
            due_at=due,
            department_id=department,
            calendar_version=1 if has_hours else 0,
            target_seconds=round(TARGET.total_seconds()),
            worked_when_due=worked + TARGET // timedelta(microseconds=1),
        )

    def _stays(self, told: "_Teller", staff: UUID, _client: UUID) -> Iterator[Told]:
        if self._chance.random() < 0.5:
            yield told.by_staff(intake.TicketRead(reader_id=staff))
        if self._chance.random() < 0.3:
            yield told.by_staff(intake.TicketAssigned(responsible_id=staff))
        if self._chance.random() < 0.1:
            yield told.by_staff(self._edited(told.opened))
        if self._chance.random() < 0.1:
            yield told.by_staff(intake.TicketBlocked(holder_id=staff, token=1, expires_at=told.at + TARGET))

    def _edited(self, opened: intake.TicketOpened) -> intake.TicketEdited:
        subject = self._chance.choice([None, f"{opened.subject}, edited"])
        changed = [intake.Property.TAGS, *([intake.Property.SUBJECT] if subject else [])]
        kept = opened.model_dump(include={"category_id", "urgency", "project_id"})
        return intake.TicketEdited(changed=changed, subject=subject, tags=["imap"], **kept)

    def _is_answered(self, told: "_Teller", staff: UUID, client: UUID) -> Iterator[Told]:
        yield told.by_staff(intake.TicketRead(reader_id=staff))
        yield told.by_staff(intake.TicketBlocked(holder_id=staff, token=1, expires_at=told.at + TARGET))
        answer = self._id(told.at)
        files = self._attachments(told.at)
        yield told.by_staff(
            intake.TicketAnswered(message_id=answer, author_id=staff, text=self.text, attachments=files)
        )
        reason = intake.UnblockReason.ANSWERED
        yield told.by_staff(intake.TicketUnblocked(holder_id=staff, token=1, reason=reason))
        if self._chance.random() < 0.5:
            yield told.by_client(intake.AnswerRead(reader_id=client), hours=0.1)
        if self._chance.random() < 0.2:
            rating = self._chance.randint(1, 5)
            yield told.by_client(
                intake.AnswerRated(message_id=answer, user_id=client, rating=rating, comment=self.text), hours=0.1
            )
        if self._chance.random() < 0.8:
            yield from self._is_closed(told)

    def _is_closed(self, told: "_Teller") -> Iterator[Told]:
        if self._chance.random() < 0.9:
            yield told.by_staff(intake.TicketClosed())
            return
        warned = intake.AutoCloseWarned(
            message_id=self._id(told.at), text=self.text, closes_at=told.at + timedelta(hours=5)
        )
        yield told.by("intake", warned)
        yield told.by("intake", intake.TicketClosed(reason=intake.CloseReason.NO_ANSWER))

    def _goes_on(self, told: "_Teller", staff: UUID, client: UUID) -> Iterator[Told]:
        yield from self._is_answered(told, staff, client)
        if self._chance.random() < 0.5:
            yield told.by_client(intake.TicketReopened(), hours=2)
            since = told.at
            reply = intake.ClientReplied(
                message_id=self._id(since), author_id=client, text=self.text, waiting_since=since
            )
            yield told.by_client(reply, hours=0)
            assert told.department is not None
            yield told.by("sla", self._deadline(told.department, since))
            note = intake.NoteAdded(message_id=self._id(told.at), author_id=staff, text=self.text)
            yield told.by_staff(note)
        if self._chance.random() < 0.3:
            department = self._chance.choice(self.department_ids)
            yield told.by_staff(intake.TicketTransferred(department_id=department))
        if self._chance.random() < 0.6:
            yield told.by_staff(intake.TicketClosed(), hours=3)


@dataclass
class _Teller:
    """The next event of a ticket, a little later than the one before."""

    ticket: UUID
    at: datetime
    client: str
    staff: str
    department: UUID | None = None
    opened: intake.TicketOpened = field(init=False)

    def by_client(self, data: EventData, hours: float = 0.0) -> Told:
        return self._tell("intake", data, self.client, timedelta(hours=hours))

    def by_staff(self, data: EventData, hours: float = 0.1) -> Told:
        return self._tell("intake", data, self.staff, timedelta(hours=hours))

    def by(self, service: str, data: EventData) -> Told:
        return self._tell(service, data, f"service:{service}", timedelta(milliseconds=5))

    def _tell(self, service: str, data: EventData, actor: str, later: timedelta) -> Told:
        self.at += later
        return self.at, service, self.ticket, data, actor


def redacted(log: list[Event]) -> list[Event]:
    """The log as it is after the erasure of the tickets whose deletion it tells."""
    gone = {event.entity for event in log if event.type == intake.TicketDeleted.TYPE}
    return [_redacted(event) if event.entity in gone else event for event in log]


def _redacted(event: Event) -> Event:
    return replace(event, data=CATALOGUE.redact(event.type, event.data), redacted=True)
