"""What users and administrators have in common."""

from typing import Any

from fastapi import Request

from libs.events.commands import asked_by
from libs.service.bodies import Body, Flag, LeftOut
from libs.service.caller import Caller
from libs.service.http import FastJSON, Idempotency
from libs.service.problems import NotFound, PreconditionFailed, PreconditionRequired, problem_responses
from libs.service.text import Name
from services.accounts.api.shared import Changes, answer_created, key_without_secrets
from services.accounts.commands import Check, unchecked
from services.accounts.domain import Facts, Kind
from services.accounts.emails import Email
from services.accounts.passwords import NewPassword
from services.accounts.problems import EmailTaken, OwnAccess
from services.accounts.runtime import Accounts

CREATION_PROBLEMS = problem_responses(EmailTaken)
CHANGE_PROBLEMS = problem_responses(NotFound, PreconditionFailed, PreconditionRequired, EmailTaken, OwnAccess)


class NewPerson(Body):
    name: Name
    email: Email
    password: NewPassword | None
    enabled: Flag = True


class PersonFields(Changes):
    """What may be said of a person."""

    name: Name = LeftOut
    email: Email = LeftOut
    enabled: Flag = LeftOut


class PersonChanges(PersonFields):
    """An edit of a person; a new password takes the place of the old one."""

    password: NewPassword = LeftOut

    def facts(self) -> dict[str, Any]:
        """Answer the changes but the password, which is told to nobody."""
        return self.model_dump(exclude_unset=True, exclude={"password"})


async def create_person(
    kind: Kind[Facts],
    body: NewPerson,
    request: Request,
    accounts: Accounts,
    caller: Caller,
    idempotency: Idempotency,
    check: Check = unchecked,
) -> FastJSON:
    fields = body.model_dump(exclude={"password"})
    key = key_without_secrets(idempotency, request, body)
    outcome = await accounts.commands.create_person(kind, fields, body.password, asked_by(caller), key, check)
    return answer_created(outcome, request)
