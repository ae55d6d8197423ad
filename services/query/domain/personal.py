"""Filters that mean something else to each reader, and filters upon filters."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from libs.service.rights import Staff

ME = UUID("00000000-0000-8000-8000-000000000001")
"""Stands for whoever reads."""
MINE = UUID("00000000-0000-8000-8000-000000000002")
"""Stands for the departments that whoever reads is a member of or heads."""
NOBODY = UUID(int=2**128 - 1)
"""Stands for what there is none of, as RFC 9562 gives this id to nothing: a list that asks for it is empty."""


def _or_word(word: str, stands_for: UUID) -> Any:
    """Metadata of an id that may be a word as well."""
    return (
        BeforeValidator(lambda value: stands_for if value == word else value),
        PlainSerializer(lambda value: word if value == stands_for else str(value), return_type=str),
        WithJsonSchema({"anyOf": [{"type": "string", "format": "uuid"}, {"const": word}]}),
    )


Whom = Annotated[UUID, *_or_word("me", ME)]
"""An administrator's id, or `me`."""
Which = Annotated[UUID, *_or_word("mine", MINE)]
"""A department's id, or `mine`."""


def known_to(reader: Staff | None, named: Iterable[UUID]) -> tuple[UUID, ...]:
    """The ids with the words replaced by what they mean to a reader; a system is nobody, and has no departments."""
    found = dict[UUID, None]()
    for one in named:
        found |= dict.fromkeys(_meant(reader, one))
    return tuple(found)


def _meant(reader: Staff | None, one: UUID) -> Iterable[UUID]:
    if one == ME:
        return [reader.id if reader else NOBODY]
    if one == MINE:
        return sorted(reader.sees_departments) if reader and reader.sees_departments else [NOBODY]
    return [one]
