"""A ticket of the demo in the helpdesk: what is done on it, step by step."""

import time
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from deploy.client import PATIENCE_SECONDS, Caller, Refused
from deploy.demo.papers import Paper
from deploy.demo.seeding import World
from deploy.demo.steps import WORDS, Step

_ROUTES = {"note": "notes", "reply": "replies"}


class Ticket:
    """`view` is the ticket as the last command answered it."""

    def __init__(self, world: World, sign_in: Callable[[str], Caller], number: int, view: Mapping[str, Any]) -> None:
        self._world = world
        self._sign_in = sign_in
        self._number = number
        self._id = view["id"]
        self._path = f"/api/intake/tickets/{self._id}"
        self._view = view
        self._token = ""
        self._blocks = self._answers = 0

    def go_on(self, steps: Sequence[Step]) -> None:
        """Do what is left to be done; nothing, if it was deleted."""
        for place, step in enumerate(steps):
            if self._view.get("status") != "deleted":
                self._do(step, self._sign_in(step.by), f"demo-2:{self._number}:{place}")

    def _do(self, step: Step, who: Caller, key: str) -> None:
        match step.kind:
            case "answer" | "answer-and-close":
                self._answer(step, who, key)
            case "block":
                self._block(who, key)
            case "draft":
                self._leave_draft(step, who)
            case "release":
                who.delete(f"{self._path}/block?token={self._blocks}")
            case "edit":
                self._edit(step, who)
            case "rate":
                self._post(who, f"messages/{self._last_answer(who)}/rating", step.what, key)
            case "delete":
                who.delete(self._path)
            case _:
                self._post(who, _ROUTES.get(step.kind, step.kind), self._body(step, who, key), key)

    def _post(self, who: Caller, route: str, body: Any, key: str) -> None:
        answer = who.post(f"{self._path}/{route}", body, key=key)
        self._view, self._token = answer.json(), answer.headers["Consistency-Token"]

    def _body(self, step: Step, who: Caller, key: str) -> dict[str, Any] | None:
        text = {"text": step.text} if step.text else {}
        return {**text, **self._by_id(step.what), **attached(who, step.files, key)} or None

    def _by_id(self, what: Mapping[str, Any]) -> dict[str, Any]:
        """Name things as the API does."""
        ids = {
            "responsible": self._world.staff,
            "department": self._world.departments,
            "category": self._world.categories,
            "project": self._world.projects,
        }
        return {
            f"{name}_id" if name in ids else name: ids[name][it] if name in ids else it for name, it in what.items()
        }

    # --- writing ------------------------------------------------------------------------------
    def _block(self, who: Caller, key: str) -> None:
        """Begin to write. The block's token is how many blocks the ticket has had, which a second run could not ask."""
        self._post(who, "block", None, key)
        self._blocks += 1

    def _answer(self, step: Step, who: Caller, key: str) -> None:
        self._answers += 1
        self._block(who, f"{key}:block")
        try:
            self._send(step, who, key)
        except Refused as refused:
            if refused.status != HTTPStatus.CONFLICT or "holder_id" in refused.problem:
                raise
            # An earlier run was cut short in the middle, and the block has run out since: the answer is a draft now.
            who.delete(f"{self._path}/draft")
            self._block(who, f"{key}:block-again")
            self._send(step, who, f"{key}:again")

    def _send(self, step: Step, who: Caller, key: str) -> None:
        body = {"text": step.text, "token": self._blocks, "close": step.kind == "answer-and-close"}
        self._post(who, "replies", {**body, **attached(who, step.files, key)}, key)

    def _leave_draft(self, step: Step, who: Caller) -> None:
        """Unless there is one, or it was sent: then nobody waits for it any more."""
        if self._view["waiting_since"] and not self._view["has_draft"]:
            who.put(f"{self._path}/draft", {"text": step.text})

    # --- the rest -----------------------------------------------------------------------------
    def _edit(self, step: Step, who: Caller) -> None:
        """Edits carry no key. Each tags the ticket: one that has such tags, or is out of sight by now, has had its edit."""
        tags = self._view["tags"]
        if tags is not None and not set(WORDS).intersection(tags):
            self._view = who.patch(self._path, self._by_id(step.what)).json()

    def _last_answer(self, who: Caller) -> str:
        """The id of the last answer of the story so far, once query tells of it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            seen = who.get(f"/api/query/tickets/{self._id}", after=self._token).json()["messages"]
            answers = [message["id"] for message in seen if message["kind"] == "staff"]
            if len(answers) >= self._answers:
                return str(answers[self._answers - 1])
            if time.monotonic() > deadline:
                raise LookupError(f"ticket {self._id} shows no answer {self._answers}")


def attached(who: Caller, files: Sequence[Paper], key: str) -> dict[str, list[str]]:
    """Upload files; answers how a message names them."""
    uploads = [
        who.upload("/api/intake/attachments", file.name, file.content, key=f"{key}:file-{place}").json()
        for place, file in enumerate(files)
    ]
    return {"attachment_ids": [upload["id"] for upload in uploads]} if uploads else {}
