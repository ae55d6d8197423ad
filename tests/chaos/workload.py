"""Commands at a steady rate, each sent again until it is answered, and remembered once it is."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.infrastructure.product import Somebody

PATIENCE_SECONDS = 90.0
RETRY_SECONDS = 0.1


@dataclass
class Journal:
    """What was acknowledged: texts that must be in the log exactly once, and tickets by what was done to them."""

    texts: list[str] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    retries: int = 0
    refused: Counter[int] = field(default_factory=Counter)


class Workload:
    def __init__(self, admin: Somebody, client: Somebody, category_id: str, seed: int) -> None:
        self.journal = Journal()
        self._admin = admin
        self._client = client
        self._category_id = category_id
        self._chance = random.Random(seed)

    async def run(self, seconds: float, rate: float) -> None:
        """Begin a command every 1/rate seconds, however long those before it take; return when all are answered."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.TaskGroup() as commands:
            for number in range(int(seconds * rate)):
                await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
                commands.create_task(self._one())

    async def _one(self) -> None:
        if not self.journal.tickets or self._chance.random() < 0.5:
            await self._submit()
        elif self._chance.random() < 0.6:
            await self._reply()
        else:
            await self._note_or_close()

    async def _submit(self) -> None:
        text = str(uuid4())
        ticket = {"category_id": self._category_id, "subject": "s", "text": text, "urgency": "high"}
        answer = await self._send(self._client, "/api/intake/tickets", ticket)
        if answer:
            self.journal.texts.append(text)
            self.journal.tickets.append(answer["id"])

    async def _reply(self) -> None:
        text = str(uuid4())
        ticket = self._chance.choice(self.journal.tickets)
        if await self._send(self._client, f"/api/intake/tickets/{ticket}/replies", {"text": text}):
            self.journal.texts.append(text)

    async def _note_or_close(self) -> None:
        ticket, text = self._chance.choice(self.journal.tickets), str(uuid4())
        if self._chance.random() < 0.5:
            if await self._send(self._admin, f"/api/intake/tickets/{ticket}/notes", {"text": text}):
                self.journal.texts.append(text)
        else:
            await self._send(self._admin, f"/api/intake/tickets/{ticket}/close", {})

    async def _send(self, who: Somebody, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """Send with one key until there is an answer; None when the product refuses."""
        headers = {"Authorization": f"Bearer {who.token}", "Idempotency-Key": str(uuid4())}
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                response = await self._try(who, path, body, headers)
                if response is not None and response.is_success:
                    answer: dict[str, Any] = response.json()
                    return answer
                if response is not None and response.status_code in {409, 422}:
                    self.journal.refused[response.status_code] += 1
                    return None
                self.journal.retries += 1
                await asyncio.sleep(RETRY_SECONDS)

    async def _try(
        self, who: Somebody, path: str, body: dict[str, Any], headers: dict[str, str]
    ) -> httpx.Response | None:
        try:
            return await who.http.post(path, json=body, headers=headers)
        except httpx.HTTPError:
            return None
