"""Deletes and erases the tickets of accounts that were deleted."""

import asyncio
from uuid import UUID

import structlog

from libs.events.error_names import named
from libs.events.leadership import DATABASE_ERRORS
from libs.events.log import Log
from libs.events.waiting import wait_any
from libs.service.problems import Unavailable
from services.intake.commands.erasing import delete_for
from services.intake.domain.by_time import ByTime
from services.intake.store import erased_accounts
from services.intake.store.erased_accounts import NOBODY, ErasedAccount

logger = structlog.get_logger()

PAGE = 5_000
"""Tickets looked at in one statement."""


class AccountEraser:
    """Each ticket goes in a transaction of its own, so that whoever is killed has left nothing half done and the next one
    goes on. Several at work at once do no harm.

    An account is searched at once and again after `settle_seconds`: a submission that was judged before the account was
    deleted may have come in since.
    """

    name = "account-eraser"

    def __init__(self, log: Log, by_time: ByTime, *, poll_seconds: float = 1.0, settle_seconds: float = 60.0) -> None:
        self._log = log
        self._by_time = by_time
        self._poll_seconds = poll_seconds
        self._settle_seconds = settle_seconds
        self._failing: set[UUID] = set()
        """Accounts to leave alone until the next start."""

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.erase_pending(stop)
            except (*DATABASE_ERRORS, Unavailable) as error:
                logger.warning("account_erasure_put_off", error=named(error))
            await wait_any(self._poll_seconds, stop)

    async def erase_pending(self, stop: asyncio.Event | None = None) -> None:
        pool = self._log.pool
        for account in await erased_accounts.pending(pool, await self._log.now(), self._settle_seconds):
            if account.id not in self._failing and await self._erase(account, stop):
                await erased_accounts.searched(pool, account, await self._log.now())

    async def _erase(self, account: ErasedAccount, stop: asyncio.Event | None) -> bool:
        """Whether all of its tickets are gone that can be found now."""
        after: UUID | None = NOBODY
        while after is not None:
            page = await erased_accounts.tickets_of(self._log.pool, account.id, after, PAGE)
            for ticket in page.tickets:
                if stop and stop.is_set():
                    return False
                await self._delete_or_skip(ticket, account)
            after = page.end
        return account.id not in self._failing

    async def _delete_or_skip(self, ticket: UUID, account: ErasedAccount) -> None:
        """One ticket that cannot be deleted holds up no other."""
        try:
            await delete_for(self._log, self._by_time, ticket, account.cause)
        except (*DATABASE_ERRORS, Unavailable):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this ticket's alone
            self._failing.add(account.id)
            logger.error("ticket_not_erased", ticket=str(ticket), account=str(account.id), error=named(error))  # noqa: TRY400
