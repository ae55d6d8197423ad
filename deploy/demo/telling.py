"""Tells stories to the helpdesk: submits the tickets and does what is done on them.

All commands carry keys that follow from the story, so that telling it again changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from deploy.client import Caller, Refused
from deploy.demo.company import email_of
from deploy.demo.monitoring import Monitoring
from deploy.demo.seeding import World
from deploy.demo.stories import CLIENT, SYSTEM, Step, Story

_BY_CLIENT = {"reply", "close-by-client"}
_ROUTES = {"answer": "replies", "answer-and-close": "replies", "reply": "replies", "note": "notes"}


@dataclass(frozen=True)
class Telling:
    world: World
    sign_in: Callable[[str], Caller]
    """By a person's address."""
    monitoring: Monitoring

    def tell(self, story: Story) -> None:
        ticket = self.monitoring.told.get(story.subject) if story.submitted_by == SYSTEM else None
        try:
            self._act(story, ticket or self._submit(story))
        except Refused as refused:
            # Others may have gone on with a ticket since it was told; then its story ends where they took over.
            if refused.status not in {HTTPStatus.CONFLICT, HTTPStatus.GONE}:
                raise

    def _submit(self, story: Story) -> str:
        body = {
            "category_id": self.world.categories[story.category],
            "user_id": self.world.users[story.user.email],
            "subject": story.subject,
            "text": story.text,
            "urgency": story.urgency,
        }
        answer = self._submitter(story).post("/api/intake/tickets", body, key=f"demo-1:{story.number}").json()
        return str(answer["id"])

    def _submitter(self, story: Story) -> Caller:
        if story.submitted_by == SYSTEM:
            assert self.monitoring.system is not None
            return self.monitoring.system
        return self.sign_in(story.user.email if story.submitted_by == CLIENT else email_of(story.administrator))

    def _act(self, story: Story, ticket: str) -> None:
        blocks = 0
        for place, step in enumerate(story.steps):
            key = f"demo-1:{story.number}:{place}"
            path = f"/api/intake/tickets/{ticket}"
            who = self.sign_in(story.user.email if step.kind in _BY_CLIENT else email_of(story.administrator))
            if step.kind.startswith("answer"):
                who.post(f"{path}/block", key=key)
                blocks += 1
            route = "close" if step.kind == "close-by-client" else _ROUTES.get(step.kind, step.kind)
            who.post(f"{path}/{route}", _body(step, blocks), key=key)


def _body(step: Step, blocks: int) -> dict[str, Any] | None:
    """The body of a step. A block's token is how many blocks the ticket has had, which a second run could not ask."""
    if step.kind.startswith("answer"):
        return {"text": step.text, "token": blocks, "close": step.kind == "answer-and-close"}
    return {"text": step.text} if step.text else None
