"""An administrator who wants to answer the ticket, served by a process of their own."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.chaos.race.plan import Kind, Move


@dataclass(frozen=True, slots=True)
class Deed:
    """A request and its answer, by this machine's clock, which is also PostgreSQL's."""

    round: int
    who: UUID
    kind: Kind
    token: int | None
    text: str | None
    began: datetime
    ended: datetime
    status: int
    answer: dict[str, Any]
    draft: str | None = None
    """What they have as their draft afterwards, if the deed was an answer."""

    def __str__(self) -> str:
        said = self.answer.get("type") or self.answer.get("block")
        return f"round {self.round}: {self.who} {self.kind} {self.token}: {self.status} {said} {self.began:%T.%f}"


@dataclass
class Contestant:
    who: UUID
    token: str
    ticket: UUID
    own: httpx.AsyncClient
    other: httpx.AsyncClient
    lease_seconds: float
    journal: list[Deed]
    blocks: list[int] = field(default_factory=list)
    """The tokens of all blocks they ever had."""
    rival: "Contestant | None" = None
    _last_sent: tuple[str, int, str] | None = None

    async def is_known_to(self, process: httpx.AsyncClient) -> bool:
        """Whether a process knows the key that signed the token, and whose it is."""
        path = f"/api/intake/tickets/{self.ticket}/read"
        response = await process.post(path, headers=self._headers(str(uuid4())))
        return response.status_code not in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}

    async def play(self, number: int, moves: tuple[Move, ...]) -> None:
        for move in moves:
            await asyncio.sleep(move.pause * self.lease_seconds)
            await self._make(number, move)

    async def _make(self, number: int, move: Move) -> None:
        match move.kind:
            case "block":
                await self.block(number, move.kind)
            case "unblock":
                await self._do(number, "unblock", "unblock")
            case "send again":
                if self._last_sent:
                    await self._answer(number, move.kind, self.other, *self._last_sent)
            case "answer" | "answer old" | "answer stolen" | "renew" | "renew old" | "release":
                if (block := self._token_for(move)) is not None:
                    await self._use(number, move.kind, block)

    async def block(self, number: int, kind: Kind) -> None:
        deed = await self._do(number, kind, "block")
        if deed.status == httpx.codes.OK and (token := deed.answer["block"]["token"]) not in self.blocks:
            self.blocks.append(token)

    async def _use(self, number: int, kind: Kind, block: int) -> None:
        if kind == "release":
            await self._do(number, kind, f"block?token={block}", token=block, method="DELETE")
        elif kind in {"renew", "renew old"}:
            await self._do(number, kind, "block/renew", {"token": block}, token=block)
        else:
            self._last_sent = (str(uuid4()), block, str(uuid4()))
            await self._answer(number, kind, self.own, *self._last_sent)

    async def _answer(self, number: int, kind: Kind, http: httpx.AsyncClient, text: str, block: int, key: str) -> None:
        body = {"text": text, "token": block}
        deed = await self._send(number, kind, "replies", body, token=block, text=text, http=http, key=key)
        self.journal.append(replace(deed, draft=await self._draft()))

    async def _draft(self) -> str | None:
        """Of their own, as the other's process knows it."""
        path = f"/api/intake/tickets/{self.ticket}/draft"
        response = await self.other.get(path, headers=self._headers(str(uuid4())))
        assert response.status_code in {httpx.codes.OK, httpx.codes.NOT_FOUND}, response.text
        return str(response.json()["text"]) if response.is_success else None

    def _token_for(self, move: Move) -> int | None:
        known = self.blocks
        if move.kind == "answer stolen":
            known = self.rival.blocks if self.rival else []
        elif move.kind.endswith("old"):
            known = self.blocks[:-1]
            return known[int(move.chance * len(known))] if known else None
        return known[-1] if known else None

    async def _do(self, number: int, kind: Kind, what: str, body: dict[str, Any] | None = None, **more: Any) -> Deed:
        deed = await self._send(number, kind, what, body, **more)
        self.journal.append(deed)
        return deed

    async def _send(
        self,
        number: int,
        kind: Kind,
        what: str,
        body: dict[str, Any] | None = None,
        *,
        token: int | None = None,
        text: str | None = None,
        http: httpx.AsyncClient | None = None,
        key: str | None = None,
        method: str = "POST",
    ) -> Deed:
        path, headers = f"/api/intake/tickets/{self.ticket}/{what}", self._headers(key or str(uuid4()))
        began = datetime.now(UTC)
        response = await (http or self.own).request(method, path, json=body, headers=headers)
        ended = datetime.now(UTC)
        return Deed(number, self.who, kind, token, text, began, ended, response.status_code, response.json())

    def _headers(self, key: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
