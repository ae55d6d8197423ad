"""Figures the slow way: by going through the events once, ticket by ticket."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from libs.events.catalogue import CATALOGUE, accounts, intake, sla
from libs.events.envelope import Event
from libs.worktime import WorkingTime
from libs.worktime.zones import load_zone
from services.query.domain.figures import Asked, By
from services.query.domain.sight import UNPLACED


@dataclass
class Ticket:
    opened: intake.TicketOpened
    at: datetime
    active_since: datetime | None
    department: UUID | None = None
    responsible: UUID | None = None
    category: UUID = field(init=False)
    project: UUID | None = field(init=False)
    urgency: str = field(init=False)
    waiting: datetime | None = None
    waits: int = 0

    def __post_init__(self) -> None:
        self.category, self.project = self.opened.category_id, self.opened.project_id
        self.urgency, self.waiting = self.opened.urgency.value, self.opened.waiting_since
        self.waits = 1 if self.waiting else 0

    def change(self, data: Any) -> None:
        """What moves it or says otherwise what it is."""
        match data:
            case intake.TicketTransferred():
                self.department, self.responsible = data.department_id, None
            case intake.TicketRouted():
                self.department = data.department_id
            case intake.TicketAssigned():
                self.responsible = data.responsible_id
            case intake.TicketEdited():
                self.category, self.project = data.category_id, data.project_id
                self.urgency = data.urgency.value


@dataclass
class Counted:
    """Something that counts, with what it is grouped by."""

    what: str
    ticket: UUID
    at: datetime
    since: datetime | None
    groups: dict[str, Any]
    is_first: bool = False


class Model:
    """All logs, gone through once, ticket by ticket."""

    def __init__(self, logs: Mapping[str, Sequence[Event]], hours: WorkingTime) -> None:
        self.hours = hours
        self.counted: list[Counted] = []
        self.tickets: dict[UUID, Ticket] = {}
        self.deadlines: dict[tuple[UUID, datetime], sla.DeadlineSet] = {}
        self.groups: dict[UUID, UUID | None] = {}
        for event in logs["accounts"]:
            if isinstance(data := CATALOGUE.read(event), accounts.AccountCreated | accounts.AccountChanged):
                self.groups[UUID(event.entity)] = data.group_id
        for event in logs["sla"]:
            if isinstance(data := CATALOGUE.read(event), sla.DeadlineSet):
                self.deadlines[UUID(event.entity), data.waiting_since] = data
        for event in logs["intake"]:
            self._take(UUID(event.entity), event, CATALOGUE.read(event))
        self.counted = [one for one in self.counted if one.ticket in self.tickets]
        for one in self.counted:
            if one.what in {"ticket", "message"}:
                ticket = self.tickets[one.ticket]
                one.groups = self._groups(ticket, ticket.responsible)

    def _take(self, entity: UUID, event: Event, data: Any) -> None:
        if isinstance(data, intake.TicketOpened):
            waits = data.waiting_since is not None
            self.tickets[entity] = Ticket(data, event.time, event.time)
            self._count("ticket", entity, event, None)
            if waits:
                self._count("message", entity, event, None)
            return
        ticket = self.tickets[entity]
        if isinstance(data, intake.TicketClosed | intake.TicketAnswered | intake.TicketReopened | intake.TicketDeleted):
            self._turn(ticket, entity, event, data)
        elif isinstance(data, intake.ClientReplied):
            ticket.waits += ticket.waiting is None
            ticket.waiting = data.waiting_since
            self._count("message", entity, event, None)
        else:
            ticket.change(data)

    def _turn(self, ticket: Ticket, entity: UUID, event: Event, data: Any) -> None:
        person = UUID(event.cause.actor[5:]) if event.cause.actor.startswith("user:") else None
        match data:
            case intake.TicketAnswered():
                self._end("answered", entity, event, data.author_id)
            case intake.TicketClosed():
                self._end("closed", entity, event, person)
                if ticket.active_since:
                    self._count(data.reason.value, entity, event, ticket.active_since, person)
                ticket.active_since = None
            case intake.TicketReopened():
                ticket.active_since = ticket.active_since or event.time
            case intake.TicketDeleted():
                del self.tickets[entity]

    def _end(self, how: str, entity: UUID, event: Event, who: UUID | None) -> None:
        ticket = self.tickets[entity]
        if ticket.waiting:
            self._count(how, entity, event, ticket.waiting, who, is_first=ticket.waits == 1)
        ticket.waiting = None

    def _count(
        self,
        what: str,
        entity: UUID,
        event: Event,
        since: datetime | None,
        who: UUID | None = None,
        *,
        is_first: bool = False,
    ) -> None:
        groups = self._groups(self.tickets[entity], who)
        self.counted.append(Counted(what, entity, event.time, since, groups, is_first))

    def _groups(self, ticket: Ticket, who: UUID | None) -> dict[str, Any]:
        account = ticket.opened.account_id
        return {
            "department": ticket.department,
            "administrator": who,
            "category": ticket.category,
            "project": ticket.project,
            "group": self.groups[account],
            "account": account,
            "urgency": ticket.urgency,
        }

    def open(self) -> Iterator[Counted]:
        for entity, ticket in self.tickets.items():
            if ticket.active_since:
                yield Counted("open", entity, ticket.at, None, self._groups(ticket, ticket.responsible))

    # --- what of it is asked for --------------------------------------------------------------

    def rows(self, asked: Asked, counted: Sequence[Counted], *, is_of_span: bool = True) -> dict[Any, list[Counted]]:
        """Group -> what is in it; those of all together are in the group None."""
        rows: dict[Any, list[Counted]] = defaultdict(list)
        for one in counted:
            if self._counts(asked, one, is_of_span=is_of_span):
                rows[None].append(one)
                rows[tuple(self.key(asked, by, one) for by in asked.by)].append(one)
        return rows

    def key(self, asked: Asked, by: By, one: Counted) -> Any:
        local = one.at.astimezone(load_zone(asked.span.zone))
        match by:
            case "day":
                return (local.date() - asked.span.first).days + 1
            case "weekday":
                return local.isoweekday()
            case "hour":
                return local.hour
            case _:
                return one.groups[by]

    def _counts(self, asked: Asked, one: Counted, *, is_of_span: bool) -> bool:
        local = one.at.astimezone(load_zone(asked.span.zone))
        if is_of_span and not asked.span.first <= local.date() <= asked.span.last:
            return False
        where = one.groups["department"]
        if asked.sight.departments is not None:
            now = self.tickets[one.ticket]
            is_own = where is None or where in asked.sight.departments
            if not (is_own and asked.sight.sees(now.department, now.responsible)):
                return False
        for by in ("department", "administrator", "category", "project", "group"):
            wanted = getattr(asked, f"{by}_id")
            if wanted and (one.groups[by] or UNPLACED) not in wanted:
                return False
        return (not asked.weekday or local.isoweekday() in asked.weekday) and (
            not asked.hour or local.hour in asked.hour
        )

    # --- how a wait ended -----------------------------------------------------------------------

    def due(self, one: Counted) -> datetime | None:
        assert one.since is not None
        word = self.deadlines.get((one.ticket, one.since))
        return word.due_at if word else None

    def worked(self, one: Counted) -> timedelta | None:
        assert one.since is not None
        word = self.deadlines.get((one.ticket, one.since))
        if word is None or word.due_at is None:
            return None
        return self.hours.used(one.since, one.at) if word.calendar_version else one.at - one.since


def percentiles(values: Sequence[timedelta]) -> list[int] | None:
    if not values:
        return None
    ordered = sorted(values)
    found = [ordered[ceil(share * len(ordered)) - 1] for share in (0.5, 0.9, 0.99)]
    return [value // timedelta(microseconds=1) for value in found]


def answers(model: Model, ended: Sequence[Counted]) -> dict[str, Any]:
    answered = [one for one in ended if one.what == "answered"]
    closed = [one for one in ended if one.what == "closed"]
    waited = {id(one): one.at - one.since for one in ended if one.since}
    worked = [found for one in answered if (found := model.worked(one)) is not None]
    late = [(one, due) for one in answered if (due := model.due(one)) and one.at > due]
    first = [one for one in answered if one.is_first]
    without = [one for one in answered if model.due(one) is None]
    return {
        "answered": len(answered),
        "in_time": len(answered) - len(late) - len(without),
        "late": len(late),
        "without_deadline": len(without),
        "closed_unanswered": len(closed),
        "closed_late": len([one for one in closed if (due := model.due(one)) and one.at > due]),
        "first_answers": len(first),
        "waited_seconds": percentiles([waited[id(one)] for one in answered]),
        "worked_seconds": percentiles(worked),
        "late_by_seconds": percentiles([one.at - due for one, due in late]),
        "first_answer_seconds": percentiles([waited[id(one)] for one in first]),
    }


def closings(_: Model, closed: Sequence[Counted]) -> dict[str, Any]:
    reasons = [one.what for one in closed]
    return {
        "closed": len(closed),
        "closed_by_hand": reasons.count("by_hand"),
        "closed_for_no_answer": reasons.count("no_answer"),
        "resolution_seconds": percentiles([one.at - one.since for one in closed if one.since]),
    }


def arrivals(_: Model, came: Sequence[Counted]) -> dict[str, Any]:
    kinds = [one.what for one in came]
    return {"tickets": kinds.count("ticket"), "messages": kinds.count("message")}
