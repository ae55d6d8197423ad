"""Where the bytes are: a local folder or an S3-compatible store, both through obstore.

A file's name there is its attachment's id, so that nothing people wrote is in it. A file is written once and never changed.
"""

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

if TYPE_CHECKING:
    from obstore.store import ObjectStore, RetryConfig

Write = Callable[[bytes], Awaitable[object]]

FILE_ERRORS = (BaseError, OSError)
"""What a store raises; for a file that is not there it is FileNotFoundError."""

_PART_BYTES = 5 << 20
"""S3 takes no smaller parts; what is smaller as a whole goes in one request."""
_PARTS_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is there; `id` is None when its name is none of ours."""

    path: str
    id: UUID | None
    size: int


class Files(Protocol):
    """A place for files. Every method may raise one of FILE_ERRORS."""

    def writing(self, file: UUID, /) -> AbstractAsyncContextManager[Write]:
        """Write a new file; it is there whole and durable after the block, or not at all."""

    async def read(self, file: UUID, start: int, end: int, /) -> bytes:
        """Bytes `start` to `end`, which is exclusive."""

    async def remove(self, file: UUID, /) -> None:
        """Remove it durably; done already is done."""

    async def listed(self) -> list[Found]:
        """All files there are."""

    async def size(self, file: UUID, /) -> int | None:
        """The size in bytes; None when there is no such file."""


def open_files(url: str | None) -> Files:
    """The place that a URL names: `file:///folder`, `s3://bucket/prefix`; None is nowhere."""
    if url is None:
        return NoFiles()
    if url.startswith("file:"):
        return LocalFiles(Path(unquote(urlsplit(url).path)))
    # A part has 5 MiB, so that slow lines need some time; a store that does not answer is to be told of soon.
    patience: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}
    return StoredFiles(from_url(url, client_options={"timeout": "60s", "allow_http": True}, retry_config=patience))


class StoredFiles:
    """Files in an object store, whose word is that what it has taken is durable."""

    def __init__(self, store: "ObjectStore") -> None:
        self._store = store

    @asynccontextmanager
    async def writing(self, file: UUID) -> AsyncIterator[Write]:
        # A writer is told of errors and cancellation, and takes back its parts; `put_async` leaves them when cancelled.
        async with obstore.open_writer_async(
            self._store, path_of(file), buffer_size=_PART_BYTES, max_concurrency=_PARTS_AT_ONCE
        ) as writer:
            yield writer.write

    async def read(self, file: UUID, start: int, end: int) -> bytes:
        return (await obstore.get_range_async(self._store, path_of(file), start=start, end=end)).to_bytes()

    async def remove(self, file: UUID) -> None:
        try:
            await obstore.delete_async(self._store, path_of(file))
        except FileNotFoundError:
            return

    async def listed(self) -> list[Found]:
        return [
            Found(meta["path"], id_of(meta["path"]), meta["size"])
            async for page in obstore.list(self._store, chunk_size=1000)
            for meta in page
        ]

    async def size(self, file: UUID) -> int | None:
        try:
            return (await obstore.head_async(self._store, path_of(file)))["size"]
        except FileNotFoundError:
            return None


class LocalFiles(StoredFiles):
    """Files in a folder; obstore writes beside and renames, what is missing there is fsync."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(LocalStore(folder))
        self._folder = folder

    @asynccontextmanager
    async def writing(self, file: UUID) -> AsyncIterator[Write]:
        async with super().writing(file) as write:
            yield write
        path = self._folder / path_of(file)
        await asyncio.to_thread(_sync, path, path.parent, self._folder)

    async def remove(self, file: UUID) -> None:
        """Also what a killed process had begun to write; the store does not show that."""
        await asyncio.to_thread(self._remove, self._folder / path_of(file))

    @staticmethod
    def _remove(path: Path) -> None:
        if not path.parent.exists():
            return
        for one in (path, *path.parent.glob(f"{path.name}#*")):
            one.unlink(missing_ok=True)
        _sync(path.parent)  # or a power failure could bring it back when its row is gone already

    async def listed(self) -> list[Found]:
        return await asyncio.to_thread(self._listed)

    def _listed(self) -> list[Found]:
        return [found for path in self._folder.rglob("*") if (found := self._found(path))]

    def _found(self, path: Path) -> Found | None:
        """None for a folder, and for what is removed while we look."""
        try:
            status = path.stat()
        except FileNotFoundError:
            return None
        name = path.relative_to(self._folder).as_posix()
        return Found(name, id_of(name), status.st_size) if stat.S_ISREG(status.st_mode) else None


class NoFiles:
    """No place has been named; what was kept in one earlier can be neither read nor removed."""

    def writing(self, *_: object) -> AbstractAsyncContextManager[Write]:
        raise _NOWHERE

    async def read(self, *_: object) -> bytes:
        raise _NOWHERE

    async def remove(self, *_: object) -> None:
        raise _NOWHERE

    async def listed(self) -> list[Found]:
        raise _NOWHERE

    async def size(self, *_: object) -> int | None:
        raise _NOWHERE


_NOWHERE = OSError("HELPDESK_ATTACHMENTS_URL is not set")


def path_of(file: UUID) -> str:
    """Spread over 256 folders by the random end of the id, as its beginning is the time."""
    return f"{file.hex[-2:]}/{file}"


def id_of(path: str) -> UUID | None:
    """The inverse, also of the drafts (`…#1`) beside it; None for what `path_of` would not call so."""
    try:
        file = UUID(path.rpartition("/")[2].partition("#")[0])
    except ValueError:
        return None
    return file if path.partition("#")[0] == path_of(file) else None


def complaint(error: Exception) -> str:
    """What a store complains of, without the answer it quotes."""
    return f"{type(error).__name__}: {str(error).partition('<')[0].partition(chr(10))[0]}"[:300]


def _sync(*paths: Path) -> None:
    """Have a file and the folders that name it on the disk."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
