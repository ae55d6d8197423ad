"""Identifiers: UUIDv7, so that new rows go to the end of their indexes."""

from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

from uuid_utils.compat import uuid7

Ids: TypeAlias = Callable[[], UUID]
"""Whatever makes a new id; tests inject their own."""


def new_id() -> UUID:
    return uuid7()
