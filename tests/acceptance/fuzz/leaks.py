"""No answer shows what its reader must not see, and no error shows what it is like inside."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, Response

from tests.acceptance.fuzz.marked import SECRETS

INSIDE = re.compile(
    r"""Traceback\ \(most\ recent | File\ "/ | \.py\b | site-packages | /(?:usr|home|root|tmp|var|srv|app)/
      | asyncpg | PostgresError | invalid\ byte\ sequence | syntax\ error\ at | violates\ \w+[ -]\w*\ constraint
      | relation\ \\?"\w+\\?"\ does | \b(?:select|insert\ into|update|delete\ from)\ \w+.*\b(?:from|values|set|where)\b
      | \bDataError | \bKeyError | \bTypeError | \bValueError | \bUnicode\w*Error | errors\.pydantic\.dev | nats:""",
    re.VERBOSE | re.IGNORECASE,
)
_ERROR = 400


@schemathesis.check
class NothingLeaks:
    """`hidden`: texts that no answer has; `members`: names of members that no answer in JSON has."""

    def __init__(self, hidden: Sequence[str] = (), members: Sequence[str] = ()) -> None:
        self._hidden = (*hidden, *SECRETS)
        self._members = frozenset(members)

    def after_response(self, ctx: CheckContext, response: Response, case: Case[Any]) -> None:
        del ctx
        text = "\n".join((*(f"{name}: {value}" for name, value in response.headers.items()), response.text))
        told = f"{case.path_parameters} {case.query} {case.body!r}"
        shown = [hidden for hidden in self._hidden if hidden in text and hidden not in told]
        assert not shown, f"shows what is hidden from the caller: {shown}"
        if response.status_code >= _ERROR:
            inside = [found[0] for found in INSIDE.finditer(response.text)]
            assert not inside, f"shows the inside: {inside}"
        elif self._members and "json" in str(response.headers.get("content-type")):
            members = self._members & set(_members(json.loads(response.text)))
            assert not members, f"has members that are the provider's own: {sorted(members)}"


def _members(value: Any) -> Iterator[str]:
    """Names of members that have a value, at any depth."""
    if isinstance(value, dict):
        yield from (name for name, inner in value.items() if inner is not None)
        for inner in value.values():
            yield from _members(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _members(inner)
