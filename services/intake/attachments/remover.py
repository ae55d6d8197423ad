"""Removes files for good: those of deleted tickets, and uploads that no message claimed in time.

First the row is nobody's to claim any more, then the file goes, then the row. A process killed between any two of these
leaves a row that says what is still to be done, and doing it again does no harm.
"""

import asyncio

import structlog

from libs.events.leadership import DATABASE_ERRORS
from libs.events.log import Log
from libs.events.waiting import wait_any
from libs.service import metrics
from services.intake.attachments import store
from services.intake.attachments.files import FILE_ERRORS, Files, complaint

logger = structlog.get_logger()


class Remover:
    """Several replicas may run it: a file is handed to one at a time, and to another when that one does not finish."""

    name = "attachment-remover"

    def __init__(self, log: Log, files: Files, *, poll_seconds: float = 1.0, limit: int = 100) -> None:
        self._log = log
        self._files = files
        self._poll_seconds = poll_seconds
        self._limit = limit

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                while await self.remove_due() == self._limit and not stop.is_set():
                    pass
                await self._measure()
            except DATABASE_ERRORS as error:
                logger.warning("attachments_kept", error=repr(error))
            await wait_any(self._poll_seconds, stop)

    async def remove_due(self) -> int:
        """Remove what is to be gone by now; how many files were tried."""
        due = await store.take_due(self._log.pool, self._log.injected_now(), self._limit)
        for one in due:
            await self._remove(one)
        return len(due)

    async def _remove(self, due: store.Due) -> None:
        try:
            await self._files.remove(due.id)
        except FILE_ERRORS as error:
            metrics.ATTACHMENT_REMOVALS_FAILED.labels(self._log.service).inc()
            logger.error(  # noqa: TRY400 - the store's own words say it
                "attachment_not_removed", file=str(due.id), tries=due.tries, error=complaint(error)
            )
            return
        if await store.gone(self._log.pool, due.id):
            metrics.ATTACHMENTS_REMOVED.labels(self._log.service).inc()

    async def _measure(self) -> None:
        backlog = await store.backlog(self._log.pool, self._log.injected_now())
        metrics.ATTACHMENTS_TO_REMOVE.labels(self._log.service).set(backlog.files)
        metrics.ATTACHMENT_REMOVAL_LAG_SECONDS.labels(self._log.service).set(backlog.seconds)
