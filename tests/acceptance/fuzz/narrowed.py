"""Where schemathesis's idea of a right answer is narrower than a document can say, and why."""

import json
import re
from collections.abc import Mapping
from typing import Any

from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import RejectedPositiveData

_PRECONDITION = ["412", "428"]
"""What an edit is based on (RFC 9110, RFC 6585) is looked at before the edit, and no schema says which version there is."""
_REFUSED = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "429"]
_TAKEN = ["2xx", "3xx", "401", "403", "404", "409", "410", "429"]

STATUSES: dict[str, Any] = {
    "negative_data_rejection": {"expected-statuses": [*_REFUSED, *_PRECONDITION]},
    "positive_data_acceptance": {"expected-statuses": [*_TAKEN, *_PRECONDITION]},
    "missing_required_header": {"expected-statuses": ["400", "401", "403", "422", "428"]},
}
OPERATIONS: list[dict[str, Any]] = [
    {
        # A line that is wrong is refused in the report on the lines, whose status is 200 all the same.
        "include-name": "POST /api/accounts/bulk",
        "checks": {"negative_data_rejection": {"enabled": False}},
    },
    *(
        {
            # What else is sent there is of a thing with that for an id, which none has.
            "include-name": operation,
            "checks": {"unsupported_method": {"enabled": False}},
        }
        for operation in (
            "POST /api/intake/tickets/bulk",
            "POST /api/notify/templates/preview",
            "PUT /api/query/views/order",
            "GET /api/query/views/counts",
        )
    ),
    {
        # What is stopped is there all the same, to tell how far it came.
        "include-name": "GET /api/routing/rejudgements/{rejudgement_id}",
        "checks": {"use_after_free": {"enabled": False}},
    },
]

UNREACHED = {
    "POST /api/accounts/session/refresh": "a refresh token is good once",
    "POST /api/accounts/password-resets/redeem": "a link is good once",
    "PUT /api/accounts/me/password": "the caller could not sign in again",
    "DELETE /api/accounts/sessions/{session_id}": "nobody else's sessions are theirs to end",
    "DELETE /api/intake/tickets/{ticket_id}/block": "only who holds the block has its token",
    "POST /api/intake/tickets/{ticket_id}/block/renew": "only who holds the block has its token",
    "POST /api/accounts/password-resets/{reset_id}/link": "only the suite's own services are told",
    "GET /api/intake/mails/{mail_id}/sender": "only the suite's own services are told",
    "GET /api/notify/unsubscribe/{token}": "only mails have the tokens",
    "POST /api/notify/unsubscribe/{token}": "only mails have the tokens",
    "POST /api/notify/webhooks/{webhook_id}/replay": "nothing has been delivered to a webhook that was made here",
}
"""Operations that do not have to succeed for anybody, because of what they need."""

_INVALID = 422
_KEY_REUSED = "urn:helpdesk:problem:idempotency-key-reused"
_BEYOND_SCHEMAS = [
    re.compile(detail)
    for detail in (
        # What is named has to be there, and enabled.
        r"There is no such \w+( \w+)?(, or it is not enabled)?",
        r"This is no upload of yours that is still to be used",
        r"This is no registered, enabled user",
        r"This is no enabled administrator who may see the ticket",
        r"No such (department|project) is known here",
        r"This ticket is another account's",
        r"Not known here: .*",
        r"This is no part of the country with holidays of its own",
        r"No public holidays of [A-Z]{2} are known",
        r"[A-Z]{2} has no subdivision .* with holidays of its own",
        # Who asks decides what has to be said.
        r"Name the (user whom the ticket is for|account that is to (choose|submit it))",
        r"Answering needs the token of the block",
        # What is kept already need not be said again, and nothing is kept of a new one.
        r"This mailbox's password is needed",
        # What is set already and what is said now have to go together.
        r"Strangers are answered only where a server's word on them counts",
        # What is told here grows with every release.
        r"Not types of events that are told here: .*",
        # What came with the product is listed with the null it has for an id, and that is tried as one.
        r"Input should be a valid UUID, invalid character: found `[nN]` at 0",
        # Of days JSON Schema cannot say the first and last, of a list in a query, that it has each once.
        r"Input should be (greater|less) than or equal to \d{4}-\d\d-\d\d",
        r"Each can be grouped by once",
        r"The last day comes after the first, and there are \d+ days at most",
        # A view decides.
        r"The view looks for a text already",
        r"The view asks for tags already, and a list has tags of one of several only",
        r"This is none of one's views",
        # A template is a language of its own.
        r"(subject|body)(, line \d+)?: .*",
        r"A digest is of no project",
        # Of some kinds everybody is told, always.
        r"Nobody chooses about .*",
        # Of some members one is needed, or not two, or one with another.
        r"(Value error, )?Name either a number, or since and until",
        r"Give other working hours, other targets, or both",
        r"Name a department or give a calendar, one of the two",
        r"Public holidays need a calendar, for its time zone; one without weekly hours is 24/7",
        r"Two targets have the same id, or the same name and no id",
        # A rule has to be one that can work.
        r"The rule does nothing: say a department, who is responsible, an urgency or tags",
        r"Named if, and only if, it is a fixed one who is responsible",
        r"The floor is above the cap",
        r"at_least is more than at_most",
        r"Name the department: a ticket's weight does not depend on where it goes",
        r"Conditions are put into each other \d+ deep at most",
        r"RE2 refuses this pattern: .*",
        r"This always holds, so that its contrary never does",
        r"This time of day is empty: it ends as it starts",
        r"No (ticket|account) meets all that this says of the \w+",
        r"A department is not both inside and outside of its working hours",
        # pydantic counts only those parts of a list that it did not refuse.
        r"Tuple should have at least 1 item after validation, not 0",
        # Conditions are written as events tell them, and what those say may not become less.
        r"Decimal input should have no more than \d+ (digits in total|decimal places)",
        r"Decimal input should have no more than \d+ digits before the decimal point",
        r"Input should be a valid decimal",
        r"Say (at_least, at_most, or both|either contains or matches)",
        # A setting decides.
        r"A message takes \d+ files at most",
        # Time passes.
        r"This is in the past",
        r"This instant is still to come",
        # It has the right letters only.
        r"Input should be greater than 0",
        r"A whole http\(s\) address without a user is needed",
        r"""['"].*['"] is no IANA time zone; write one such as 'Europe/Berlin'""",
        r"This is (not a cursor of this list|a cursor of a list in another order)",
        r"Name the file: attachment; filename\*=UTF-8''…",
    )
]
"""Why something may be refused that a schema allows."""


def is_wrong(context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
    """Whether a failure counts."""
    del context, case
    is_refusal = isinstance(failure, RejectedPositiveData) and response.status_code == _INVALID
    return not (is_refusal and _is_beyond_schemas(json.loads(response.text)))


def _is_beyond_schemas(problem: Mapping[str, Any]) -> bool:
    if problem["type"] == _KEY_REUSED:  # the same request was drawn before
        return True
    details = [error["detail"] for error in problem.get("errors", ())]
    return bool(details) and all(any(one.fullmatch(detail) for one in _BEYOND_SCHEMAS) for detail in details)
