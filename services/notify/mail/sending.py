"""The worker that empties the outbox: claim, word, hand over, write down what became of it.

An attempt counts as unsure from the claim until its outcome is committed. So a process that dies in between, or a server
that is gone after the text, leaves it unsure; the mail goes out once more under the same Message-ID, and never a third time.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from libs.events.catalogue.base import EventData
from libs.events.catalogue.notify import FailureReason, NotificationFailed, NotificationSent, TicketMailFailed
from libs.events.commands import in_transaction
from libs.events.envelope import Cause
from libs.events.error_names import named
from libs.events.leadership import DATABASE_ERRORS
from libs.events.log import Change, Executor, Log, NewEvent
from libs.events.projection import Connection
from libs.events.waiting import Interval, wait_any
from libs.service import metrics
from services.notify.consumers.deciding import NOTIFICATION
from services.notify.domain.kinds import Kind
from services.notify.domain.mail import Letter, Sender, message
from services.notify.domain.retrying import Randomness, pause
from services.notify.domain.wording import Unfit
from services.notify.mail.asking import NotNow
from services.notify.mail.rate import Rate
from services.notify.mail.smtp import Fate, Outcome, Post
from services.notify.mail.wording import Pointless, Wordings
from services.notify.settings import Settings
from services.notify.store import facts, outbox, preferences
from services.notify.store.facts import Person
from services.notify.store.outbox import Row

logger = structlog.get_logger()

POLL_SECONDS = 1.0
LEASE = timedelta(minutes=5)
"""Longer than any mail takes, so that nobody sends what another is still sending."""
TWICE = 2
NEWS = timedelta(minutes=5)
"""How long somebody may be unknown, as their service is read later than the one that names them."""
NEWS_SECONDS = 0.5
KEPT = timedelta(days=90)
"""How long one can see what was sent."""
TICKET = "ticket"
UNTOLD = {FailureReason.NOT_WANTED, FailureReason.NO_RECIPIENT, FailureReason.NOT_CONFIGURED}
"""What no ticket's history tells: nothing went wrong with this one."""


@dataclass(frozen=True, slots=True)
class _End:
    """A mail's end: sent, or failed for a reason."""

    reason: FailureReason | None = None
    code: int | None = None
    error: str | None = None
    address: bytes | None = None
    """Where it went, as a hash; of strangers not even that is kept."""


class Sending:
    name = "mail"

    def __init__(
        self,
        log: Log,
        wordings: Wordings,
        post: Post | None,
        settings: Settings,
        wake: asyncio.Event,
        random: Randomness,
    ) -> None:
        """Without a post nothing is sent, and what waits has failed as it cannot be sent."""
        self._log = log
        self._wordings = wordings
        self._post = post
        self._settings = settings
        self._wake = wake
        self._random = random
        self._sender = Sender(settings.mail_from)
        self._rate = Rate(settings.mails_per_minute)
        self._housekeeping = Interval(POLL_SECONDS)

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._wake.clear()
            try:
                while not stop.is_set() and await self.send_due():
                    pass
                if self._housekeeping.is_over():
                    await self._keep_house()
            except DATABASE_ERRORS as error:
                logger.warning("mail_put_off", error=named(error))
            await wait_any(POLL_SECONDS, stop, self._wake)

    async def _keep_house(self) -> None:
        await outbox.forget_done(self._log.pool, await self._log.now() - KEPT)
        waiting = (await outbox.counts(self._log.pool)).get("pending", 0)
        metrics.MAILS_PENDING.labels(service="notify").set(waiting)

    async def send_due(self) -> int:
        """Send what is due, as much as the rate allows; how many mails that were."""
        if self._post is None:
            return await self._give_up_all()
        now = await self._log.now()
        allowed = min(self._settings.smtp_connections, self._rate.allowed(now))
        if not allowed:
            return 0
        async with self._log.pool.acquire() as connection, connection.transaction():
            mails = await outbox.claim(connection, now, LEASE, allowed)
        self._rate.used(now, len(mails))
        ended = await asyncio.gather(*(self._send(rows, now) for rows in mails), return_exceptions=True)
        for error in ended:  # only once all have come to their end: an interrupted mail would be unsure
            if isinstance(error, BaseException):
                raise error
        return len(mails)

    async def _give_up_all(self) -> int:
        rows = await outbox.pending(self._log.pool, 100)
        for row in rows:
            await self._end([row], _End(FailureReason.NOT_CONFIGURED))
        return len(rows)

    async def _send(self, rows: Sequence[Row], now: datetime) -> None:
        """One mail; whatever goes wrong with it holds up no other."""
        try:
            end = await self._try(rows, now)
        except DATABASE_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 - it is this mail's alone, and nobody knows how far it had got
            logger.error("mail_failed", notification=str(rows[0].id), error=named(error))  # noqa: TRY400
            end = await self._later(rows, Outcome(Fate.UNKNOWN, named(error)), now)
        if end:
            await self._end(rows, end)

    async def _try(self, rows: Sequence[Row], now: datetime) -> _End | None:
        if rows[0].unsure > TWICE:
            return _End(FailureReason.UNSURE)
        if rows[0].kind is Kind.NOT_REGISTERED:
            return await self._word_and_hand_over(rows, self._wordings.answer_to_stranger(rows[0], now), now)
        person = await facts.person(self._log.pool, rows[0].recipient)
        if person is None or not person.enabled:
            return await self._nobody(rows, person, now)
        refused = await outbox.refusal(self._log.pool, person.id, hashed(person.email))
        if refused is not None:
            return _End(FailureReason.ADDRESS_REFUSED_BEFORE, refused.code)
        return await self._to_person(rows, person, now)

    async def _to_person(self, rows: Sequence[Row], person: Person, now: datetime) -> _End | None:
        chosen, _ = await preferences.find(self._log.pool, person.id)
        if (due := chosen.after_quiet(rows[0].kind, now)) > now:
            await outbox.hold_back(self._log.pool, [row.id for row in rows], due)
            return None
        return await self._word_and_hand_over(rows, self._wordings.letter(rows, person, chosen, now), now)

    async def _word_and_hand_over(self, rows: Sequence[Row], words: Awaitable[Letter], now: datetime) -> _End | None:
        try:
            return await self._hand_over(rows, await words, now)
        except Pointless:
            return _End(FailureReason.NOT_WANTED)
        except Unfit as error:
            logger.error("mail_not_worded", kind=rows[0].kind, error=str(error))  # noqa: TRY400 - says all there is
            return _End(FailureReason.NOT_WORDED)
        except NotNow as error:
            return await self._later(rows, Outcome(Fate.NOT_NOW, str(error)), now)

    async def _nobody(self, rows: Sequence[Row], person: Person | None, now: datetime) -> _End | None:
        """They may be news that has not been read yet; not for long."""
        if person is None and now - rows[0].requested_at < NEWS:
            until = now + pause(NEWS_SECONDS, rows[0].attempts, self._random)
            await outbox.put_off(self._log.pool, [row.id for row in rows], until, "not known yet", unsure=False)
            return None
        return _End(FailureReason.NO_RECIPIENT)

    async def _hand_over(self, rows: Sequence[Row], letter: Letter, now: datetime) -> _End | None:
        assert self._post is not None
        try:
            made = message(letter, self._sender)
        except (ValueError, UnicodeError, IndexError):
            return _End(FailureReason.REFUSED, error="the address is none")
        outcome = await self._post.hand_over(made, self._sender.plain, letter.address)
        metrics.MAILS.labels(service="notify", outcome=outcome.fate).inc()
        match outcome.fate:
            case Fate.TAKEN:
                return _End(address=None if rows[0].kind is Kind.NOT_REGISTERED else hashed(letter.address))
            case Fate.ADDRESS_REFUSED:
                assert outcome.code is not None
                if rows[0].kind is not Kind.NOT_REGISTERED:  # a stranger is written to once
                    await outbox.refuse(self._log.pool, rows[0].recipient, hashed(letter.address), outcome.code, now)
                return _End(FailureReason.REFUSED, outcome.code, outcome.error)
            case Fate.REFUSED:
                return _End(FailureReason.REFUSED, outcome.code, outcome.error)
        return await self._later(rows, outcome, now)

    async def _later(self, rows: Sequence[Row], outcome: Outcome, now: datetime) -> _End | None:
        first, unsure = rows[0], outcome.fate is Fate.UNKNOWN
        if unsure and first.unsure >= TWICE:
            return _End(FailureReason.UNSURE, error=outcome.error)
        until = now + pause(self._settings.mail_retry_seconds, first.attempts, self._random)
        if (until - first.requested_at).total_seconds() > self._settings.mail_give_up_seconds:
            return _End(FailureReason.EXPIRED, outcome.code, outcome.error)
        logger.warning("mail_later", notification=str(first.id), error=outcome.error, attempts=first.attempts)
        ids = [row.id for row in rows]
        await outbox.put_off(self._log.pool, ids, until, outcome.error or outcome.fate, unsure=unsure)
        return None

    # --- what became of it ----------------------------------------------------------------------
    async def _end(self, rows: Sequence[Row], end: _End) -> None:
        async def work(executor: Executor) -> None:
            assert isinstance(executor, Connection)
            now = await self._log.now(executor)
            left = await outbox.holds(executor, rows)
            state = "failed" if end.reason else "sent"
            await outbox.finish(executor, [row.id for row in left], state, now, end.error or end.reason, end.address)
            for row in left:
                await self._tell(executor, row, end, now)

        await in_transaction(self._log, work)
        if end.reason:
            logger.warning("mail_given_up", notification=str(rows[0].id), reason=end.reason, error=end.error)

    async def _tell(self, connection: Connection, row: Row, end: _End, now: datetime) -> None:
        about = {"kind": row.kind.value, "recipient_id": row.recipient, "ticket_id": row.ticket}
        said: EventData = NotificationSent(**about, attempts=row.attempts)
        if end.reason:
            said = NotificationFailed(**about, reason=end.reason, code=end.code)
        cause = Cause(actor="service:notify", correlation=row.correlation, causation=str(row.cause))
        await self._append(connection, row, NOTIFICATION, said, cause, now)
        if end.reason and row.ticket and end.reason not in UNTOLD:
            failed = TicketMailFailed(
                notification_id=row.id, kind=row.kind, recipient_id=row.recipient, reason=end.reason, code=end.code
            )
            await self._append(connection, row, TICKET, failed, cause, now)

    async def _append(
        self, connection: Connection, row: Row, kind: str, said: EventData, cause: Cause, now: datetime
    ) -> None:
        entity = row.id if kind == NOTIFICATION or row.ticket is None else row.ticket
        loaded = await self._log.load(entity, executor=connection)
        change = Change(entity, kind, loaded.version, [NewEvent(said)], b"{}")
        await self._log.append([change], cause, now, executor=connection)


def hashed(address: str) -> bytes:
    return hashlib.sha256(address.lower().encode()).digest()
