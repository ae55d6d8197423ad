"""What the demo's script comes to: which events there will be, and how each ticket will be in the end."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from deploy.demo import provider
from deploy.demo.steps import Step
from deploy.demo.stories import Story

_ATTACKS = next(
    rule["conditions"]["contains"] for rule in provider.SUBMISSION_RULES if rule["then"].get("tags") == ["attack"]
)


@dataclass
class Planned:
    """A ticket as its story leaves it, and what is told of it on the way."""

    story: Story
    subject: str = ""
    department: str = ""
    tags: list[str] = field(default_factory=list)
    is_waiting: bool = True
    is_closed: bool = False
    is_unread: bool = True
    unread_answers: int = 0
    is_deleted: bool = False
    events: Counter[str] = field(default_factory=lambda: Counter(["ticket.opened.v1"]))


def planned(story: Story) -> Planned:
    """Follow a story."""
    by_staff = story.by.endswith("@provider.example")
    department = provider.routed(provider.category(story.category), story.language).name
    tags = ["attack"] if any(word in story.subject.lower() for word in _ATTACKS) else []
    ticket = Planned(story, story.subject, department, tags, is_waiting=not by_staff, is_unread=not by_staff)
    for step in story.steps:
        for event in _follow(ticket, step):
            ticket.events[f"ticket.{event}.v1"] += 1
    return ticket


def _follow(ticket: Planned, step: Step) -> Sequence[str]:
    """Change the ticket as a step does; answers what is told."""
    follow = _FOLLOW.get(step.kind)
    return follow(ticket, step) if follow else _TOLD.get(step.kind, ())


_TOLD = {
    "note": ["noted"],
    "take": ["assigned"],
    "assign": ["assigned"],
    "block": ["blocked"],
    "release": ["unblocked"],
    "unblock": ["unblocked"],
    "rate": ["rated"],
}


def _read(ticket: Planned, step: Step) -> Sequence[str]:
    if step.by == ticket.story.user.email:
        was, ticket.unread_answers = ticket.unread_answers > 0, 0
        return ["answer_read"] if was else []
    was, ticket.is_unread = ticket.is_unread, False
    return ["read"] if was else []


def _reply(ticket: Planned, _: Step) -> Sequence[str]:
    was_closed, ticket.is_closed = ticket.is_closed, False
    ticket.is_waiting = ticket.is_unread = True
    return ["reopened", "replied"] if was_closed else ["replied"]


def _answer(ticket: Planned, step: Step) -> Sequence[str]:
    ticket.is_waiting = False
    ticket.unread_answers += 1
    closed = _close(ticket, step) if step.kind == "answer-and-close" else []
    return ["blocked", "answered", "unblocked", *closed]


def _close(ticket: Planned, _: Step) -> Sequence[str]:
    ticket.is_closed, ticket.is_waiting = True, False
    return ["closed"]


def _reopen(ticket: Planned, _: Step) -> Sequence[str]:
    ticket.is_closed = False
    return ["reopened"]


def _edit(ticket: Planned, step: Step) -> Sequence[str]:
    ticket.subject = step.what.get("subject", ticket.subject)
    ticket.tags = step.what["tags"]
    if category := step.what.get("category"):
        ticket.department = provider.routed(provider.category(category), ticket.story.language).name
    return ["edited"]


def _transfer(ticket: Planned, step: Step) -> Sequence[str]:
    ticket.department = step.what["department"]
    return ["transferred"]


def _delete(ticket: Planned, _: Step) -> Sequence[str]:
    ticket.is_deleted = True
    return ["deleted"]


_FOLLOW: dict[str, Callable[[Planned, Step], Sequence[str]]] = {
    "read": _read,
    "reply": _reply,
    "answer": _answer,
    "answer-and-close": _answer,
    "close": _close,
    "reopen": _reopen,
    "edit": _edit,
    "transfer": _transfer,
    "delete": _delete,
}
