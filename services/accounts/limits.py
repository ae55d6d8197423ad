"""How many sign-ins may fail in a window: for one e-mail address, and from one network address.

Whatever else is proved by a secret counts with them: refresh tokens, password resets, the present password.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

import asyncpg
import structlog

from libs.events.waiting import wait_any
from libs.service.clock import Clock
from libs.service.problems import TooManyRequests
from services.accounts.emails import folded
from services.accounts.store import failures

logger = structlog.get_logger()

_IPV6_HOST_PREFIX = 64
"""Who has one IPv6 address has the 2^64 around it."""


class SignInLimits:
    """Counts a sign-in as failed until it is known not to be, so that many at once gain nothing."""

    name = "sign-in-limits"

    def __init__(
        self,
        pool: asyncpg.Pool,
        clock: Clock,
        *,
        window_seconds: int,
        per_email: int,
        per_address: int,
        mails_per_email: int = 3,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._window = timedelta(seconds=window_seconds)
        self._per_email = per_email
        self._per_address = per_address
        self._mails_per_email = mails_per_email

    @asynccontextmanager
    async def attempt(
        self, address: str, email: str | None = None, *, harmless: type[Exception] | tuple[()] = ()
    ) -> AsyncIterator[None]:
        """Count what is done inside as failed if it raises anything but `harmless`; TooManyRequests, with nothing done."""
        counted = self._subjects(address, email)
        await self._count(counted)
        try:
            yield
        except harmless:
            await failures.take_back(self._pool, list(counted))
            raise
        await failures.take_back(self._pool, list(counted))

    async def count_mail(self, address: str, email: str) -> None:
        """Count a wish for a mail, apart from sign-ins; TooManyRequests if it is one too many, whoever has the address."""
        await self._count(
            {
                _subject("mail for", folded(email)): self._mails_per_email,
                _subject("mail wanted from", _network(address)): self._per_address,
            },
            "Too many mails asked for; wait",
        )

    def _subjects(self, address: str, email: str | None = None) -> dict[bytes, int]:
        """Answer what this sign-in counts for -> failures allowed."""
        counted = {_subject("address", _network(address)): self._per_address}
        return counted if email is None else counted | {_subject("email", folded(email)): self._per_email}

    async def _count(self, allowed: Mapping[bytes, int], why: str = "Too many failed sign-ins; wait") -> None:
        """Count one more; TooManyRequests if it is one too many."""
        now = self._clock.now()
        counts = await failures.add(self._pool, list(allowed), now, self._window)
        full = [count.since for count in counts if count.failures > allowed[count.subject]]
        if full:
            raise TooManyRequests(why, retry_after=(max(full) + self._window - now).total_seconds())

    async def forget(self) -> None:
        """Forget the windows that are over."""
        await failures.forget(self._pool, self._clock.now() - self._window)

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.forget()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                logger.warning("sign_in_failures_kept", error=repr(error))
            await wait_any(self._window.total_seconds(), stop)


def _subject(kind: str, value: str) -> bytes:
    """Hashed, because people type passwords where the e-mail address belongs."""
    return hashlib.sha256(f"{kind}\n{value}".encode()).digest()


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address  # a proxy or a socket gave us something else
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Network((parsed, _IPV6_HOST_PREFIX), strict=False))
    return str(parsed)
