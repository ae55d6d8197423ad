"""What becomes of a stranger's mail where strangers are answered: it waits like any other, and the log says so, once."""

import hashlib
import hmac
from datetime import timedelta
from uuid import UUID

from pydantic import SecretStr

from libs.events.catalogue.intake import StrangerWrote
from libs.events.commands import in_transaction
from libs.events.envelope import Cause
from libs.events.log import Change, Executor, Log, NewEvent
from libs.service.context import current_correlation
from services.intake.store import mails, strangers
from services.intake.store.gateways import Gateway
from services.intake.store.mails import MAIL, NO_STATE, End

ONCE_IN = timedelta(days=30)


class Strangers:
    def __init__(self, log: Log, key: SecretStr) -> None:
        """With another key everybody may be answered once more."""
        self._log = log
        self._key = key.get_secret_value().encode()

    async def take(self, mail_id: UUID, end: End, gateway: Gateway) -> None:
        """Raises mails.Settled when somebody else has done it."""
        wrote = StrangerWrote(gateway_id=gateway.id, language=gateway.language, project_id=gateway.project_id)
        change = Change(mail_id, MAIL, 0, [NewEvent(wrote)], NO_STATE)
        cause = Cause(actor="service:intake", correlation=current_correlation())

        async def settle(executor: Executor) -> None:
            await mails.settle(executor, mail_id, end)
            now = await self._log.now(executor)
            if end.sender and await strangers.begin_to_answer(executor, self._hashed(end.sender), now, ONCE_IN):
                await self._log.append([change], cause, now, executor=executor)

        await in_transaction(self._log, settle)

    async def forget_old(self) -> None:
        await strangers.forget(self._log.pool, await self._log.now() - ONCE_IN)

    def _hashed(self, address: str) -> bytes:
        """Nobody who has the database alone finds out whether an address is among them."""
        return hmac.digest(self._key, b"helpdesk answered strangers " + address.lower().encode(), hashlib.sha256)
