"""Waiting until the read model has a fact, and if wanted until all has been judged that follows from it."""

import asyncio
from collections.abc import Sequence

import asyncpg

from libs.events import projection
from libs.events.applied import Applied
from libs.events.identities.keeper import IdentityKeeper
from libs.events.projection import LIVE
from libs.events.source import Cursor
from libs.events.waiting import wait_any
from libs.service.http import ConsistencyToken

TURNS = (("routing",), ("intake",), ("routing", "sla"))
"""Who has a word on a change, in turn: routing decides, intake adopts, and that is weighed by routing and timed by sla."""
JUDGES = frozenset(judge for turn in TURNS for judge in turn)
STANDBY_POLL_SECONDS = 0.05


class OtherEpoch(Exception):
    """The token is of another life of that log than the one that is read here."""


class Consistency:
    """Answers whether facts have been read, as far as `applied` knows or else the checkpoints.

    Where another process consumes, only the checkpoints tell; what `applied` has once reached stays true. A fact about
    people has been read once it counts for those who ask.
    """

    def __init__(self, pool: asyncpg.Pool, applied: Applied, identities: IdentityKeeper, seconds: float) -> None:
        self._pool = pool
        self._applied = applied
        self._identities = identities
        self._seconds = seconds
        self._stored: dict[str, Cursor] = {}

    async def reach(self, token: ConsistencyToken, *, settled: bool = False) -> bool:
        """Whether the fact was there, and judged if that is asked for, within the time that a reader is kept waiting."""
        try:
            async with asyncio.timeout(self._seconds):
                await self._until_read(token)
                await self._identities.until_read(token.service, token.epoch, token.position)
                if settled:
                    await self._until_judged(token)
        except (TimeoutError, OtherEpoch):
            return False
        return True

    async def _until_judged(self, token: ConsistencyToken) -> None:
        """Follow the change from judge to judge, each time to where that judge's own log then stands.

        Intake may have had nothing to adopt: what comes after it has to judge the change itself all the same.
        """
        asked = token
        for turn in _turns_after(token.service):
            words = [_later(await self._judgement(judge, token), asked) for judge in turn]
            for word in words:
                await self._until_read(word)
            token = words[0]

    async def _judgement(self, judge: str, token: ConsistencyToken) -> ConsistencyToken:
        """The end of the judge's log when it had judged the service's log up to the token."""
        while True:
            changed = self._applied.changed
            word = self._applied.consumed.get(judge)
            point = word.sources.get(token.service) if word else None
            if word and point and point.epoch == token.epoch and point.position >= token.position:
                return ConsistencyToken(judge, word.epoch, word.position)
            await changed.wait()

    async def _until_read(self, token: ConsistencyToken) -> None:
        while True:
            changed = self._applied.changed
            if self._has_read(token):
                return
            if not self._is_of_known_epoch(token):
                await self._look_up()
                self._check_epoch(token)
            if not await wait_any(STANDBY_POLL_SECONDS, changed):
                await self._look_up()

    def _has_read(self, token: ConsistencyToken) -> bool:
        known = self._known(token.service)
        return any(cursor.epoch == token.epoch and cursor.position >= token.position for cursor in known)

    def _is_of_known_epoch(self, token: ConsistencyToken) -> bool:
        return any(cursor.epoch == token.epoch for cursor in self._known(token.service))

    def _check_epoch(self, token: ConsistencyToken) -> None:
        """A log of which nothing was read yet may still turn out to be the token's."""
        stored = self._stored.get(token.service, Cursor())
        if stored.epoch not in {"", token.epoch}:
            raise OtherEpoch

    def _known(self, service: str) -> list[Cursor]:
        return [cursors[service] for cursors in (self._applied.cursors, self._stored) if service in cursors]

    async def _look_up(self) -> None:
        async with self._pool.acquire() as connection:
            self._stored = await projection.cursors(connection, LIVE)


def _later(token: ConsistencyToken, asked: ConsistencyToken) -> ConsistencyToken:
    """The later of two, if they are of one log; else the first."""
    is_same_log = (token.service, token.epoch) == (asked.service, asked.epoch)
    return asked if is_same_log and asked.position > token.position else token


def _turns_after(service: str) -> Sequence[Sequence[str]]:
    """Those that come after what a service has said; after a fact of tickets or people, all of them."""
    return TURNS[{"routing": 1, "sla": len(TURNS)}.get(service, 0) :]
