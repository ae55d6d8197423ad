"""Made-up ids find nothing, and a refusal for that says little: most of what is drawn is turned to things that are there."""

import hashlib
import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from schemathesis import Case, HookContext
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import CoveragePhaseData, TestPhase

from libs.service.http import encode_cursor
from tests.acceptance.fuzz.marked import Marked

_ID = "01980000-0000-7000-8000-000000000001"
_INSTANTS = ("0001-01-01T00:00:00+23:59", "2026-01-05T09:00:00Z", "9999-12-31T23:59:59-23:59")
_NUMBERS = (-(2**63), -(2**31) - 1, 0, 2**31, 2**60, 2**63)
_SORTS = (
    ["weight", "desc"],
    ["delay", "desc"],
    ["remaining", "asc"],
    ["id", "desc"],
    ["opened", "desc"],
    ["urgency", "desc"],
)
_SORTS_BY_TEXT = (["subject", "asc"], ["account", "asc"], ["responsible", "desc"], ["category", "asc"])
_TEXTS = ("", "\0", "a", "\U0010ffff", "x" * 101)
CURSORS = [
    encode_cursor(value)
    for value in (
        *_NUMBERS,
        *([first, _ID] for first in ("\0", "x" * 300, *_NUMBERS)),
        *([instant, source, 1] for instant in _INSTANTS for source in ("\0", "intake")),
        *([sort, instant, number] for sort in ("activity", "number") for instant in _INSTANTS for number in _NUMBERS),
        *([*sort, at, group, key, 1] for sort in _SORTS for at in _INSTANTS for group in (0, 1) for key in _NUMBERS),
        *([*sort, _INSTANTS[1], group, key, 1] for sort in _SORTS_BY_TEXT for group in (0, 1) for key in _TEXTS),
    )
]
"""Each of the form of some list's, with values that nobody could have been given."""
REAL = 0.85
"""The share of ids, versions and keys that are turned."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_KINDS = {
    "person_id": "user_id",
    "responsible_id": "administrator_id",
    "head_id": "administrator_id",
    "member_ids": "administrator_id",
    "default_department_id": "department_id",
    "category_ids": "category_id",
    "department_ids": "department_id",
    "group_ids": "group_id",
    "project_ids": "project_id",
    "ticket_ids": "ticket_id",
    "attachment_ids": "upload_id",
    "entity": "ticket_id",
}
"""What is named by members that have another name than the thing's id."""

Hook = Callable[[HookContext, Case[Any]], Case[Any]]


def realism(marked: Marked) -> Hook:
    """A hook that changes cases. What it does to one depends on nothing but that case, so that a run can be repeated."""

    def turned(_context: HookContext, case: Case[Any]) -> Case[Any]:
        drawn = f"{case.method} {case.path} {case.path_parameters} {case.query} {dict(case.headers)} {case.body!r}"
        random = Random(drawn)
        things = marked.doomed if _deletes(case) else marked.ids
        # What a request before has made is named in the path of the next.
        is_next = case.meta is not None and case.meta.phase.name is TestPhase.STATEFUL
        for container in (case.query, case.body) if is_next else (case.path_parameters, case.query, case.body):
            _turn(container, _names_of(case.path), things, random)
        if not is_next:
            _turn_parts(case.path_parameters, marked, random)
        _turn_people(case, marked, random)
        _turn_query(case, marked, random)
        _turn_headers(case, drawn, marked, random)
        return case

    return turned


def _deletes(case: Case[Any]) -> bool:
    return case.method == "DELETE" or (isinstance(case.body, dict) and case.body.get("action") == "delete")


def _names_of(path: str) -> Mapping[str, str]:
    """Groups and projects are both an `entity_id` in their paths; whom one acts as no other request disables."""
    kind = path.split("/")[3]
    acted = {"user_id": "acted_id"} if kind == "act-as" else {}
    return {**_KINDS, "entity_id": f"{kind.removesuffix('s')}_id", **acted}


def _turn(value: Any, names: Mapping[str, str], things: Mapping[str, list[str]], random: Random) -> None:
    """Change ids in place, wherever they are."""
    if isinstance(value, list):
        for inner in value:
            _turn(inner, names, things, random)
    if not isinstance(value, dict):
        return
    for name, inner in value.items():
        known = things.get(names.get(name, name), [])
        is_turned = bool(known) and random.random() < REAL
        if is_turned and _is_id(inner):
            value[name] = random.choice(known)
        elif is_turned and isinstance(inner, list) and inner and all(map(_is_id, inner)):
            value[name] = sorted(random.sample(known, min(len(known), len(inner))))
        else:
            _turn(inner, names, things, random)


def _turn_parts(path: dict[str, Any], marked: Marked, random: Random) -> None:
    """What is named beside a ticket is mostly a part of it."""
    fits = [one for one in marked.parts if "ticket_id" in path and len(path) > 1 and path.keys() <= one.keys()]
    if fits and random.random() < REAL:
        path.update({name: value for name, value in random.choice(fits).items() if name in path})


def _turn_people(case: Case[Any], marked: Marked, random: Random) -> None:
    """Somebody who can sign in signs in; others get an address and a number of their own."""
    body = case.body
    if _is_bad_on_purpose(case, ParameterLocation.BODY) or not isinstance(body, dict) or random.random() > REAL:
        return
    unique = {"email": f"{random.getrandbits(64)}@drawn.example", "external_id": str(random.getrandbits(64))}
    values = marked.credentials if case.path == "/api/accounts/session" else unique
    for name in [name for name in values if isinstance(body.get(name), str)]:
        body[name] = values[name]


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def _is_bad_on_purpose(case: Case[Any], location: ParameterLocation) -> bool:
    """Whether it is here that the case is not what the document allows, and not just for want of a good value."""
    meta = case.meta
    if meta is None:
        return True
    if isinstance(meta.phase.data, CoveragePhaseData):
        return meta.generation.mode.is_negative and meta.phase.data.parameter_location in {location, None}
    return meta.is_negative_at(location)


def _turn_query(case: Case[Any], marked: Marked, random: Random) -> None:
    """A made-up place in a list, or fact to wait for, keeps from whatever else is asked for."""
    if _is_bad_on_purpose(case, ParameterLocation.QUERY):
        return
    if "cursor" in case.query and random.random() < REAL:
        case.query["cursor"] = random.choice(CURSORS)
        if random.random() < REAL:
            del case.query["cursor"]
    if "after" in case.query and case.path.startswith("/api/query/") and random.random() < REAL:
        case.query["after"] = random.choice(marked.ids["consistency"])


def _turn_headers(case: Case[Any], drawn: str, marked: Marked, random: Random) -> None:
    """A key of its own for each request, mostly any version, and what the generator makes no good ones of."""
    if _is_bad_on_purpose(case, ParameterLocation.HEADER):
        return
    good = {
        "Idempotency-Key": hashlib.sha256(drawn.encode(errors="surrogatepass")).hexdigest(),
        "Consistency-Token": random.choice(marked.ids["consistency"]),
        "Content-Disposition": 'attachment; filename="drawn.txt"',
    }
    for name in good.keys() & case.headers.keys():
        case.headers[name] = good[name]
    if "If-Match" in case.headers and random.random() < REAL:
        case.headers["If-Match"] = "*"
