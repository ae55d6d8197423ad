"""Taking files in. A file is durable before its row says so, and its row is there before the file is."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import structlog

from libs.events.log import Key, Log, Used
from libs.service import metrics
from libs.service.idempotency import KeyReused, fingerprint
from libs.service.ids import Ids
from libs.service.problems import Invalid, Problem
from services.intake.attachments import store
from services.intake.attachments.domain import State, TypePolicy, Upload
from services.intake.attachments.files import FILE_ERRORS, Files, complaint
from services.intake.attachments.incoming import Incoming
from services.intake.attachments.problems import QuotaReached, StorageDown, TooSlow, UploadGone
from services.intake.attachments.sniffing import HEAD_BYTES, content_type_of

logger = structlog.get_logger()

_PUT_OFF_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What is taken in, and for how long it is kept for a message that may claim it."""

    types: TypePolicy
    file_bytes: int
    unclaimed_bytes: int
    unclaimed_seconds: float
    upload_seconds: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """An upload as it is asked for; `length` in bytes if it was announced, `key` is the caller's Idempotency-Key."""

    owner: str
    name: str
    length: int | None
    key: str
    path: str


class Uploads:
    """Takes in what people, systems or the mail gateway attach."""

    def __init__(self, log: Log, files: Files, ids: Ids, rules: Rules) -> None:
        self._log = log
        self._files = files
        self._ids = ids
        self._rules = rules

    async def receive(self, delivery: Delivery, body: AsyncIterator[bytes]) -> Upload:
        """Store the file and answer it; with a key that was used before, answer what it stored then.

        Raises TooLarge, TypeRefused, QuotaReached, TooSlow, StorageDown, KeyReused, UploadGone; Invalid for an empty one.
        """
        incoming = Incoming(body, self._rules.file_bytes)
        try:
            async with asyncio.timeout(self._rules.upload_seconds):
                used = await store.used_key(self._log.pool, Key(delivery.key))
                return await (self._again(delivery, incoming, used) if used else self._first(delivery, incoming))
        except TimeoutError:
            raise TooSlow(f"An upload may take {self._rules.upload_seconds:g} seconds") from None
        except Problem as problem:
            metrics.ATTACHMENTS_REFUSED.labels(self._log.service, problem.type.rpartition(":")[2]).inc()
            raise

    async def _first(self, delivery: Delivery, incoming: Incoming) -> Upload:
        head = await incoming.head(HEAD_BYTES)
        if not head:
            raise Invalid.at("", "The file is empty")
        content_type = await content_type_of(head)
        self._rules.types.require(delivery.name, content_type)
        size = delivery.length or self._rules.file_bytes
        upload = Upload(self._ids(), delivery.owner, State.RECEIVING, delivery.name, content_type, size)
        await self._begin(upload)
        try:
            await self._write(upload, incoming)
        except BaseException:
            await store.give_up(self._log.pool, upload.id, self._now)
            raise
        return await self._finish(delivery, incoming, upload)

    async def _begin(self, upload: Upload) -> None:
        # Twice as long as an upload may take: when the row is given up, nobody is writing the file any more.
        seconds, quota = self._rules.upload_seconds * 2, self._rules.unclaimed_bytes
        if not await store.begin(self._log.pool, upload, self._now, seconds=seconds, quota=quota):
            raise QuotaReached("Use or leave what you have uploaded before", retry_after=_PUT_OFF_SECONDS)

    async def _write(self, upload: Upload, incoming: Incoming) -> None:
        try:
            async with self._files.writing(upload.id) as write:
                async for chunk in incoming:
                    await write(chunk)
        except FILE_ERRORS as error:
            logger.error("attachment_not_stored", file=str(upload.id), error=complaint(error))  # noqa: TRY400
            raise StorageDown("The file cannot be stored just now") from error

    async def _finish(self, delivery: Delivery, incoming: Incoming, receiving: Upload) -> Upload:
        upload = Upload(
            id=receiving.id,
            owner=receiving.owner,
            state=State.READY,
            name=receiving.name,
            content_type=receiving.content_type,
            size=incoming.size,
            sha256=incoming.sha256,
        )
        key = Key(delivery.key, _fingerprint(delivery, incoming))
        done = await store.finish(self._log.pool, upload, key, self._now, seconds=self._rules.unclaimed_seconds)
        if done is None:  # this process stood still for long, and the row has been taken for a dead one's
            await self._files.remove(upload.id)
            raise TooSlow("The upload was given up meanwhile")
        if not done:
            await store.give_up(self._log.pool, upload.id, self._now)
            used = await store.used_key(self._log.pool, key)
            assert used is not None
            return await self._same(delivery, incoming, used)
        metrics.ATTACHMENTS_STORED.labels(self._log.service).inc()
        metrics.ATTACHMENT_BYTES_STORED.labels(self._log.service).inc(upload.size)
        return upload

    async def _again(self, delivery: Delivery, incoming: Incoming, used: Used) -> Upload:
        """A retry: read what is sent, only to see that it is the same."""
        await incoming.drain()
        return await self._same(delivery, incoming, used)

    async def _same(self, delivery: Delivery, incoming: Incoming, used: Used) -> Upload:
        if used.fingerprint != _fingerprint(delivery, incoming):
            raise KeyReused
        stored = await store.upload(self._log.pool, used.entity) if used.entity else None
        if stored is None:
            raise UploadGone
        return stored

    @property
    def _now(self) -> datetime | None:
        return self._log.injected_now()


def _fingerprint(delivery: Delivery, incoming: Incoming) -> str:
    return fingerprint(delivery.path, delivery.name.encode(), incoming.sha256).hex()
