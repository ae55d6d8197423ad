"""Tells stories to the helpdesk: submits the tickets and does what is done on them.

All commands carry keys that follow from the story, or look first, so that telling it again changes nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from deploy.client import Caller, Refused
from deploy.demo.seeding import World
from deploy.demo.stories import SYSTEM, Story
from deploy.demo.ticket import Ticket, attached

SignIn = Callable[[str], Caller]
"""By a person's address."""


@dataclass(frozen=True)
class Telling:
    """`told` are earlier runs' tickets, from subject to id, of whom nobody would know by an Idempotency-Key."""

    world: World
    sign_in: SignIn
    sign_in_anew: SignIn
    told: dict[str, str]
    monitoring: Caller | None

    def tell(self, story: Story) -> None:
        try:
            ticket = Ticket(self.world, self.sign_in, story.number, self._known(story) or self._submitted(story))
            ticket.go_on(story.steps)
        except Refused as refused:
            # Others may have gone on with a ticket since it was told; then its story ends where they took over.
            if refused.status not in {HTTPStatus.CONFLICT, HTTPStatus.GONE}:
                raise

    def _known(self, story: Story) -> dict[str, Any] | None:
        known = self.told.get(story.subject) if is_told_by_subject(story) else None
        return {"id": known} if known else None

    def _submitted(self, story: Story) -> dict[str, Any]:
        """The ticket as its submission answers it: as it is by now, if that was an earlier run's."""
        key = f"demo-2:{story.number}"
        body = {
            "category_id": self.world.categories[story.category],
            "user_id": self.world.users[story.user.email],
            "subject": story.subject,
            "text": story.opening.text,
            "urgency": story.urgency,
            "language": story.language,
        }
        with self._submitter(story) as who:
            files = attached(who, story.opening.files, key)
            answer: dict[str, Any] = who.post("/api/intake/tickets", {**body, **files}, key=key).json()
            return answer

    @contextmanager
    def _submitter(self, story: Story) -> Iterator[Caller]:
        if story.acting:
            with self.sign_in_anew(story.acting).acting_as(self.world.users[story.user.email]) as client:
                yield client
        elif story.by == SYSTEM:
            assert self.monitoring is not None
            yield self.monitoring
        else:
            yield self.sign_in(story.by)


def is_told_by_subject(story: Story) -> bool:
    """Whether a second run must not submit it to learn that it was: by another key, or acting once more."""
    return story.by == SYSTEM or story.acting is not None


def told_before(administrator: Caller) -> dict[str, str]:
    """Answer all tickets there are, from subject to id."""
    return {row["subject"]: row["id"] for row in administrator.items("/api/query/tickets", state="all", sort="id")}
