"""Filters upon filters: what a view chooses, as its reader means it, narrowed by whatever else is asked for."""

from collections.abc import Callable
from typing import Any

from libs.service.problems import Invalid
from libs.service.rights import Staff
from services.query.domain.orders import Filters, State
from services.query.domain.personal import NOBODY, known_to

NOTHING = Filters(account_id=NOBODY)
"""Of an empty list."""


class _Empty(Exception):
    """No ticket meets both."""


def only_text(text: str) -> Filters:
    """Of all tickets that have a text."""
    return Filters(state=State.ALL, text=text)


def as_meant(filters: Filters, reader: Staff | None) -> Filters:
    """With `me` and `mine` replaced by what they stand for."""
    meant = {name: known_to(reader, getattr(filters, name)) for name in ("department_id", "responsible_id")}
    return filters.model_copy(update={name: ids for name, ids in meant.items() if ids})


def narrowed(filters: Filters, asked: Filters) -> Filters:
    """What meets both, as far as `asked` says anything. Invalid where one set of filters cannot say it."""
    named = asked.model_fields_set & Filters.model_fields.keys()
    try:
        both = {name: _both(name, getattr(filters, name), getattr(asked, name)) for name in named}
    except _Empty:
        return NOTHING
    return filters.model_copy(update=both)


def _both(name: str, one: Any, other: Any) -> Any:
    if one in _UNSAID or one == other:
        return other
    if other in _UNSAID:
        return one
    return _TOGETHER.get(name, _values)(one, other)


_UNSAID: tuple[Any, ...] = (None, ())


def _values(one: Any, other: Any) -> Any:
    if isinstance(one, tuple) and (common := tuple(value for value in one if value in other)):
        return common
    raise _Empty


def _states(one: State, other: State) -> State:
    if State.ALL not in {one, other}:
        raise _Empty
    return one if other is State.ALL else other


def _texts(_one: Any, _other: Any) -> Any:
    raise Invalid.at("query/text", "The view looks for a text already")


def _tags(_one: Any, _other: Any) -> Any:
    raise Invalid.at("query/tag", "The view asks for tags already, and a list has tags of one of several only")


_TOGETHER: dict[str, Callable[[Any, Any], Any]] = {
    "state": _states,
    "tag": _tags,
    "text": _texts,
    "opened_since": max,
    "opened_before": min,
}
