"""Whether rows and files agree: after a restore one of the two may be older than the other.

Run while the service runs, or not: what changes meanwhile is looked at twice.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

import asyncpg

from services.intake.attachments import store
from services.intake.attachments.domain import Upload
from services.intake.attachments.files import Files, Found, path_of
from services.intake.attachments.serving import CHUNK_BYTES

_PAGE = 1000
_BEGINNING = UUID(int=0)


@dataclass
class Report:
    """What disagrees: rows whose file is missing or another, files that no row knows, files whose names are not ours."""

    rows: int = 0
    files: int = 0
    missing: list[UUID] = field(default_factory=list)
    damaged: list[UUID] = field(default_factory=list)
    orphans: list[UUID] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.missing or self.damaged or self.orphans)


async def check(pool: asyncpg.Pool, files: Files, *, read: bool = False) -> Report:
    """Compare rows and files by id and size; with `read`, by what is in them as well."""
    found = await files.listed()
    report = Report(files=len(found), foreign=[one.path for one in found if one.id is None])
    await _find_orphans(pool, files, report, found)
    sizes = {one.id: one.size for one in found}
    async for upload in _rows(pool):
        report.rows += 1
        await _compare(pool, files, report, upload, sizes.get(upload.id), read=read)
    return report


async def remove_orphans(pool: asyncpg.Pool, files: Files, report: Report) -> int:
    """Remove the files that still no row knows; how many."""
    known = await store.known(pool, report.orphans)
    orphans = [one for one in report.orphans if one not in known]
    for one in orphans:
        await files.remove(one)
    return len(orphans)


async def _find_orphans(pool: asyncpg.Pool, files: Files, report: Report, found: Sequence[Found]) -> None:
    """A row is there before its file and goes after it, so one that has no row after it was seen is an orphan or gone."""
    ids = iter([one.id for one in found if one.id is not None])
    while page := list(islice(ids, _PAGE)):
        known = await store.known(pool, page)
        # A draft beside its file is the same id twice.
        report.orphans += [one for one in dict.fromkeys(page) if one not in known]
    if report.orphans:
        still = {one.id for one in await files.listed()}
        report.orphans = [one for one in report.orphans if one in still]


async def _rows(pool: asyncpg.Pool) -> AsyncIterator[Upload]:
    last = _BEGINNING
    while page := await store.whole(pool, last, _PAGE):
        for upload in page:
            yield upload
        last = page[-1].id


async def _compare(
    pool: asyncpg.Pool, files: Files, report: Report, upload: Upload, size: int | None, *, read: bool
) -> None:
    if size == upload.size and (not read or await _sha256(files, upload) == upload.sha256):
        return
    size = await files.size(upload.id)
    if await store.upload(pool, upload.id) is None:
        return  # it went meanwhile
    if size is None:
        report.missing.append(upload.id)
    elif size != upload.size or (read and await _sha256(files, upload) != upload.sha256):
        report.damaged.append(upload.id)


async def _sha256(files: Files, upload: Upload) -> bytes:
    hashed = hashlib.sha256()
    for at in range(0, upload.size, CHUNK_BYTES):
        hashed.update(await files.read(upload.id, at, min(upload.size, at + CHUNK_BYTES)))
    return hashed.digest()


def described(report: Report) -> str:
    """For people: figures first, then a line for each that disagrees."""
    lines = [f"{report.rows} rows, {report.files} files"]
    for what, ids in (("missing", report.missing), ("damaged", report.damaged), ("orphan", report.orphans)):
        lines += [f"{what} {path_of(one)}" for one in ids]
    return "\n".join([*lines, *(f"foreign {path}" for path in report.foreign)])
