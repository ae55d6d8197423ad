"""Many accounts and users in one request, for a billing system: NDJSON in, NDJSON out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from libs.events.commands import asked_by
from libs.events.envelope import Cause
from libs.service.http import ConsistencyToken, to_json
from libs.service.problems import Invalid, Problem, TooLarge
from libs.service.routes import service_router
from services.accounts.api.bulk_lines import parse
from services.accounts.api.ndjson import LONGEST_LINE, Conversation, Line
from services.accounts.api.rights import Manager
from services.accounts.api.shared import SERVICE
from services.accounts.bulk import Answer, Bulk
from services.accounts.domain.upserts import AccountUpsert, Done, Result, Upsert
from services.accounts.runtime import CurrentAccounts

PATH = f"/api/{SERVICE}/bulk"
LARGEST_BULK = 1 << 32
"""Bytes of one request; nothing of it is kept, so this is only against one that never ends."""

router = service_router(SERVICE, tags=["bulk"])

_EXAMPLE = """\
{"kind":"account","external_id":"10457","name":"Acme","group":"Resellers","services":[{"product_type":"vps","price":"19.90"}],\
"users":[{"external_id":"20881","name":"Jane Roe","email":"jane@example.com"}]}
{"kind":"user","external_id":"20882","account":"10457","name":"John Roe","email":"john@example.com"}
{"kind":"account","external_id":"10458","balance":"lots"}
"""
_ANSWER = """\
{"line":1,"kind":"account","external_id":"10457","id":"01980000-0000-7000-8000-00000000a001","result":"created",\
"users":[{"external_id":"20881","id":"01980000-0000-7000-8000-00000000a002","result":"created"}]}
{"line":2,"kind":"user","external_id":"20882","id":"01980000-0000-7000-8000-00000000a004","result":"created"}
{"line":3,"result":"refused","problem":{"type":"urn:helpdesk:problem:invalid","title":"The input is not valid",\
"status":422,"errors":[{"pointer":"/balance","detail":"Input should be a valid decimal"}]}}
{"done":true,"lines":3,"created":2,"changed":0,"unchanged":0,"refused":1,"consistency_token":"accounts.….12"}
"""
_NDJSON = Conversation.media_type
_REQUEST = {
    "required": True,
    "content": {_NDJSON: {"schema": {"type": "string", "description": "A line is a JSON object"}, "example": _EXAMPLE}},
}


@router.post(
    "/bulk",
    status_code=200,
    response_class=Conversation,
    openapi_extra={"requestBody": _REQUEST},
    responses={
        200: {"description": "A line for each, and one for the end", "content": {_NDJSON: {"example": _ANSWER}}}
    },
)
async def upsert_in_bulk(accounts: CurrentAccounts, caller: Manager) -> Conversation:
    """Create and change accounts and users by what another system calls them, in one request of any length.

    Each line is taken whole or refused whole, and reported in its order, while the request is still being read; a reported
    line is durable. Sending a line again changes nothing, so that after a cut one sends all again, or goes on where the
    report ends. docs/people.md has the format.
    """
    commands = accounts.commands
    talk = _Talk(
        Bulk(commands.log, commands.ids, accounts.sessions), asked_by(caller), await commands.log.known_epoch()
    )
    return Conversation(talk.work, talk.end)


@dataclass
class _Talk:
    bulk: Bulk
    cause: Cause
    epoch: str
    position: int = 0
    results: Counter[str] = field(default_factory=Counter)

    async def work(self, lines: Sequence[Line]) -> bytes:
        """Do what the lines say, and report."""
        read = [_read(line) for line in lines]
        answers, token = await self.bulk.take([one for one in read if not isinstance(one, Problem)], self.cause)
        self._note(token)
        answered = iter(answers)
        reports = [
            _refused(line, one) if isinstance(one, Problem) else _report(line, one, next(answered))
            for line, one in zip(lines, read, strict=True)
        ]
        self.results.update(report["result"] for report in reports)
        return b"".join(to_json(report) + b"\n" for report in reports)

    def end(self) -> bytes:
        results = {result: self.results[result] for result in (*map(str, Done), "refused")}
        token = ConsistencyToken(SERVICE, self.epoch, self.position)
        last = {"done": True, "lines": self.results.total(), **results, "consistency_token": str(token)}
        return to_json(last) + b"\n"

    def _note(self, token: ConsistencyToken) -> None:
        self.epoch, self.position = token.epoch, max(self.position, token.position)


def _read(line: Line) -> Upsert | Problem:
    if line.text is None:
        return TooLarge(f"A line has {LONGEST_LINE} bytes at most")
    try:
        return parse(line.text)
    except Invalid as problem:
        return problem


def _report(line: Line, told: Upsert, answer: Answer) -> dict[str, Any]:
    kind = "account" if isinstance(told, AccountUpsert) else "user"
    if isinstance(answer, Problem):
        return _refused(line, answer, kind=kind, external_id=told.external_id)
    return {
        "line": line.number,
        "kind": kind,
        **_done(answer),
        **({"users": [_done(user) for user in answer.users]} if answer.users else {}),
    }


def _done(result: Result) -> dict[str, Any]:
    return {"external_id": result.external_id, "id": result.id, "result": result.done}


def _refused(line: Line, problem: Problem, **named: str) -> dict[str, Any]:
    return {"line": line.number, **named, "result": "refused", "problem": problem.body()}
