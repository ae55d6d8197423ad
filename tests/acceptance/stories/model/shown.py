"""What is shown of a ticket, and to whom."""

from datetime import datetime, timedelta
from math import floor
from typing import Any

from tests.acceptance.stories.model.hours import breached, deadline, stretches, warned
from tests.acceptance.stories.model.people import Category, Named
from tests.acceptance.stories.model.ticket import Happened, Message, Ticket

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
Row = dict[str, Any]

POINTS = {"Urgent": 10, "Good customer": 5, "Bad customer": -7}
"""The weight rules, besides those of categories. In this order they were made."""


def staff_row(ticket: Ticket, now: datetime) -> Row:
    """A row of the administrators' list."""
    points, wait = sum(_points(ticket).values()), ticket.wait
    waited = now - wait.since if wait else timedelta()
    left, due = remaining(ticket, now), _deadline(ticket)
    account = ticket.account
    return {
        "id": ticket.id,
        "number": ticket.number,
        "subject": ticket.subject,
        "account": {"id": account.id, "name": account.name, "attitude": account.attitude_at(None), "group": None},
        "user": _named(ticket.user),
        "weight": points + waited // MINUTE,
        "points": points,
        "delay_seconds": waited // SECOND if wait else None,
        "remaining_seconds": None if left is None else floor(left / SECOND),
        "deadline_at": due,
        "overdue": due is not None and due < now,
        "responsible": _named(ticket.responsible),
        "department": _named(ticket.department),
        "project": _named(ticket.project),
        "category": _named(ticket.category),
        "urgency": ticket.urgency,
        "tags": sorted(ticket.tags),
        "channel": ticket.channel,
        "unread": ticket.unread,
        "block": {"holder": _named(ticket.block.holder), "since": ticket.block.since} if ticket.block else None,
        "waiting_since": wait.since if wait else None,
        "opened_at": ticket.opened_at,
        "last_activity_at": ticket.active_at,
        "closes_at": ticket.closes_at,
        "closed_at": ticket.closed_at,
        "close_reason": ticket.close_reason,
        "state": ticket.state,
    }


def staff_details(ticket: Ticket, now: datetime) -> Row:
    return {
        **staff_row(ticket, now),
        "block_expires_at": ticket.block.expires if ticket.block else None,
        "breakdown": _points(ticket),
        "messages": [_message(message) for message in ticket.messages],
    }


_NOT_FOR_CLIENTS = {
    *("account", "weight", "points", "delay_seconds", "remaining_seconds", "deadline_at", "overdue"),
    *("responsible", "department", "tags", "unread", "block"),
}


def client_row(ticket: Ticket, now: datetime) -> Row:
    """A row of the account's own list."""
    row = {name: value for name, value in staff_row(ticket, now).items() if name not in _NOT_FOR_CLIENTS}
    return {**row, "unread_answers": ticket.unread_answers}


def client_details(ticket: Ticket, now: datetime) -> Row:
    messages = [_message(message) for message in ticket.messages if message.kind != "note"]
    return {**client_row(ticket, now), "messages": messages}


def staff_history(ticket: Ticket) -> list[Row]:
    return [_happened(entry) for entry in ticket.history]


_FOR_CLIENTS = {
    f"ticket.{what}.v1"
    for what in ("opened", "replied", "answered", "auto_close_warned", "rated", "closed", "reopened")
}


def client_history(ticket: Ticket, users: set[str]) -> list[Row]:
    """Not which of the staff did something, but for who wrote an answer, or acted as one of the `users`."""
    return [
        {**_happened(entry), "actor": _actor_for_client(entry, users)}
        for entry in ticket.history
        if entry.type in _FOR_CLIENTS
    ]


def _actor_for_client(entry: Happened, users: set[str]) -> str:
    kind, _, identity = entry.actor.partition(":")
    if kind != "user":
        return "system"
    is_known = identity in users or entry.on_behalf_of is not None or entry.type == "ticket.answered.v1"
    return entry.actor if is_known else "staff"


def _happened(entry: Happened) -> Row:
    return {
        "type": entry.type,
        "at": entry.at,
        "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of,
    }


def _message(message: Message) -> Row:
    rating = message.rating
    return {
        "kind": message.kind,
        "author": _named(message.author),
        "acted_by": _named(message.acted_by),
        "channel": message.channel,
        "at": message.at,
        "text": message.text,
        "rating": rating and {"rating": rating.stars, "user": _named(rating.user), "at": rating.at},
    }


def remaining(ticket: Ticket, now: datetime) -> timedelta | None:
    """What is left of the target; None without a wait, a department or a target."""
    found = stretches(ticket.wait, ticket.placements) if ticket.wait else []
    if not found or found[-1].target is None:
        return None
    return found[-1].target - found[-1].used(now)


def _deadline(ticket: Ticket) -> datetime | None:
    found = stretches(ticket.wait, ticket.placements) if ticket.wait else []
    if not ticket.wait or not found or found[-1].target is None:
        return None
    return deadline(ticket.wait, ticket.placements)


def breaches(ticket: Ticket, now: datetime) -> list[datetime]:
    """When a client had waited too long, in every wait in which they had."""
    found = (breached(wait, ticket.placements) for wait in ticket.waits)
    return [at for at in found if at is not None and at < now]


def warnings(ticket: Ticket, now: datetime) -> list[datetime]:
    found = (warned(wait, ticket.placements) for wait in ticket.waits)
    return [at for at in found if at is not None and at < now]


def _points(ticket: Ticket) -> dict[str, int]:
    """What the weight is made of, by rule."""
    attitude = ticket.account.attitude_at(ticket.judged_at)
    matches = {
        "Urgent": ticket.urgency == "high",
        "Good customer": attitude == "good",
        "Bad customer": attitude == "bad",
    }
    found = {name: POINTS[name] for name, does in matches.items() if does}
    return {**found, **_points_of(ticket.category)}


def _points_of(category: Category) -> dict[str, int]:
    return {category.name: category.points} if category.points else {}


def exact_weight(ticket: Ticket, now: datetime) -> timedelta:
    """A point for each minute of waiting, and its fraction: by this lists are sorted."""
    waited = now - ticket.wait.since if ticket.wait else timedelta()
    return sum(_points(ticket).values()) * MINUTE + waited


def _named(thing: Named | None) -> Row | None:
    return None if thing is None else {"id": thing.id, "name": thing.name}
