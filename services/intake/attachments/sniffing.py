"""What a file is, by its content: whoever sends it may say anything."""

import asyncio
from functools import cache

from pure_magic_rs import MagicDb

from services.intake.attachments.domain import OPAQUE

HEAD_BYTES = 64 << 10
"""How much of a file is looked at."""


async def content_type_of(head: bytes) -> str:
    """The media type of a file that begins so; in a thread, as it takes some milliseconds."""
    return await asyncio.to_thread(_sniff, head)


def _sniff(head: bytes) -> str:
    try:
        return _database().best_magic_buffer(head).mime_type or OPAQUE
    except ValueError:  # no rule could be applied to it
        return OPAQUE


@cache
def _database() -> MagicDb:
    return MagicDb()
