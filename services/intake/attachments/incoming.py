"""A file on its way in: counted, hashed and looked at while it passes, never held as a whole."""

import hashlib
from collections.abc import AsyncIterator

from libs.service.problems import TooLarge


class Incoming:
    """Read `head` first; iterating gives everything from the beginning. Raises TooLarge past `limit` bytes."""

    def __init__(self, body: AsyncIterator[bytes], limit: int) -> None:
        self._body = body
        self._limit = limit
        self._hash = hashlib.sha256()
        self._head = b""
        self.size = 0

    async def head(self, size: int) -> bytes:
        """The first bytes, about as many as asked for, or all there are."""
        while len(self._head) < size:
            try:
                self._head += self._passed(await anext(self._body))
            except StopAsyncIteration:
                break
        return self._head[:size]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._head:
            yield self._head
        async for chunk in self._body:
            if chunk:
                yield self._passed(chunk)

    @property
    def sha256(self) -> bytes:
        """Of what has passed so far."""
        return self._hash.digest()

    async def drain(self) -> None:
        async for _ in self:
            pass

    def _passed(self, chunk: bytes) -> bytes:
        self.size += len(chunk)
        if self.size > self._limit:
            raise TooLarge(f"A file has {self._limit} bytes at most")
        self._hash.update(chunk)
        return chunk
