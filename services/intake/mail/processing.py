"""The worker that makes something of each mail that was kept: one at a time, and one that fails holds up no other.

Killed anywhere, it begins the mail again when its lease is over: files are found by their keys, and the command, its
idempotency key and the mail's end are one commit.
"""

import asyncio
from uuid import UUID

import structlog

from libs.events.error_names import named
from libs.events.leadership import DATABASE_ERRORS
from libs.events.log import Key, Log
from libs.events.waiting import wait_any
from libs.service import metrics
from libs.service.context import use_context
from libs.service.problems import Problem
from libs.service.reply_tokens import ReplyTokens
from services.intake.domain.mail import authentication
from services.intake.domain.mail.automatic import BOUNCE, ticket_named, why_automatic
from services.intake.domain.mail.judging import Known, Reason, State, Taken, judge
from services.intake.domain.mail.parsing import Mail, Unreadable, parsed
from services.intake.mail.bouncing import Bouncing
from services.intake.mail.strangers import Strangers
from services.intake.mail.taking import Letter, Opening, Taking
from services.intake.problems import TicketGone
from services.intake.store import gateways, mails
from services.intake.store.gateways import Gateway
from services.intake.store.mails import End, Pending, Settled

logger = structlog.get_logger()

POLL_SECONDS = 1.0
LEASE_SECONDS = 60.0
"""After which a mail that a dead process had begun is begun again; it doubles with each try."""
MOST_TRIES = 8
"""A mail that so many processes have died of, or that nobody could finish, is an administrator's matter."""
_OURS = 500
_LATER = 429


class Processing:
    """Several replicas may run it."""

    name = "mail-processing"

    def __init__(
        self,
        log: Log,
        taking: Taking,
        bouncing: Bouncing,
        strangers: Strangers,
        tokens: ReplyTokens,
        wake: asyncio.Event,
        *,
        most_per_hour: int,
        most_bytes: int,
        automatic_seconds: float,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._log = log
        self._taking = taking
        self._bouncing = bouncing
        self._strangers = strangers
        self._tokens = tokens
        self._wake = wake
        self._most_per_hour = most_per_hour
        self._most_bytes = most_bytes
        self._automatic_seconds = automatic_seconds
        self._lease_seconds = lease_seconds

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._wake.clear()
            try:
                while not stop.is_set() and await self.process_one():
                    pass
                metrics.MAILS_WAITING.labels(self._log.service).set(await mails.count_waiting(self._log.pool))
                await mails.forget_automatic(self._log.pool, self._log.injected_now(), self._automatic_seconds)
                await self._strangers.forget_old()
            except DATABASE_ERRORS as error:
                logger.warning("mail_processing_put_off", error=named(error))
            await wait_any(POLL_SECONDS, stop, self._wake)

    async def process_one(self) -> bool:
        """Whether there was one that was due."""
        pending = await mails.take(self._log.pool, self._log.injected_now(), self._lease_seconds)
        if pending is None:
            return False
        with use_context(correlation_id=str(pending.id)):
            try:
                await self._process(pending)
            except Settled:
                logger.info("mail_settled_by_another", mail=str(pending.id))
        return True

    async def _process(self, pending: Pending) -> None:
        try:
            end = await self._made_of(pending)
        except DATABASE_ERRORS:
            raise
        except Unreadable as error:
            end = End(State.BROKEN, str(error))
        except Problem as problem:
            end = await self._refused(pending, problem)
        except Settled:
            raise
        except Exception as error:  # noqa: BLE001 - it is this mail's alone; it is kept, and the next one goes on
            logger.error("mail_broken", mail=str(pending.id), error=named(error))  # noqa: TRY400 - says all there is
            end = End(State.BROKEN, type(error).__name__)
        if end is not None:
            await mails.settle(self._log.pool, pending.id, end)
            metrics.MAILS_SETTLED.labels(self._log.service, end.state).inc()

    async def _refused(self, pending: Pending, problem: Problem) -> End | None:
        """None when it is to be tried again."""
        if problem.status >= _OURS or problem.status == _LATER:
            logger.warning("mail_put_off", mail=str(pending.id), problem=problem.type)
            await mails.put_off(self._log.pool, pending.id, problem.type)
            return None
        reason = Reason.GONE_TICKET if isinstance(problem, TicketGone) else Reason.REFUSED
        mail = await asyncio.to_thread(parsed, pending.raw)
        return await self._listed(mail, reason)

    async def _made_of(self, pending: Pending) -> End | None:
        """What is to be written down of it; None when the command has done so."""
        if pending.tries > MOST_TRIES:
            raise Unreadable("it was tried too often")
        if len(pending.raw) >= self._most_bytes:
            raise Unreadable("it is too large")
        mail = await asyncio.to_thread(parsed, pending.raw)
        gateway = await gateways.find(self._log.pool, pending.gateway)
        if gateway is None:
            return await self._listed(mail, Reason.NO_GATEWAY)
        own = await gateways.addresses(self._log.pool)
        if why := why_automatic(mail, pending.envelope_sender, own):
            return await self._automatic(pending.id, mail, why)
        judged = await self._judged(pending, mail, gateway)
        if isinstance(judged, Reason):
            return await self._kept_waiting(pending.id, mail, judged, gateway)
        key = Key(f"mail:{pending.id}", pending.content_hash.hex())
        await self._taking.take(Letter(pending.id, mail), judged, Opening.by(gateway), key)
        metrics.MAILS_SETTLED.labels(self._log.service, State.TICKET if judged.ticket is None else State.REPLY).inc()
        return None

    async def _judged(self, pending: Pending, mail: Mail, gateway: Gateway) -> Taken | Reason:
        pool = self._log.pool
        sender = mail.senders[0] if len(mail.senders) == 1 else ""
        ticket = await self._ticket_of(mail, pending.recipient)
        return judge(
            Known(
                senders=len(mail.senders),
                users=await mails.senders_users(pool, sender) if sender else (),
                verdict=authentication.judged(mail, gateway.authserv_id) if gateway.authserv_id else None,
                named=ticket is not None,
                thread=await mails.thread(pool, ticket) if ticket else None,
                recent=await mails.recent(pool, sender, pending) if sender else 0,
                most=self._most_per_hour,
            )
        )

    async def _ticket_of(self, mail: Mail, recipient: str) -> UUID | None:
        """A signed token first, where replies go or in the subject; then what it answers."""
        for place in (recipient, *mail.recipients, mail.subject):
            if found := self._tokens.read(place):
                return found
        return ticket_named(mail.references) or await mails.ticket_answered(self._log.pool, mail.references)

    async def _automatic(self, mail_id: UUID, mail: Mail, why: str) -> End | None:
        if why != BOUNCE:
            return End(State.AUTOMATIC, why, next(iter(mail.senders), None), mail.subject)
        await self._bouncing.take(mail_id, mail)
        metrics.MAILS_SETTLED.labels(self._log.service, State.AUTOMATIC).inc()
        return None

    async def _kept_waiting(self, mail_id: UUID, mail: Mail, reason: Reason, gateway: Gateway) -> End | None:
        """A stranger is who they say by now, as a gateway that answers them trusts a server to judge."""
        end = await self._listed(mail, reason)
        if reason is not Reason.UNKNOWN or not gateway.answers_strangers:
            return end
        await self._strangers.take(mail_id, end, gateway)
        metrics.MAILS_SETTLED.labels(self._log.service, State.UNMATCHED).inc()
        return None

    async def _listed(self, mail: Mail, reason: Reason) -> End:
        """With whose it seems to be, if the address is one person's: it goes with them when they are erased."""
        sender = next(iter(mail.senders), None)
        users = await mails.senders_users(self._log.pool, sender) if sender else []
        return End(State.UNMATCHED, reason, sender, mail.subject, user_id=users[0].id if len(users) == 1 else None)
