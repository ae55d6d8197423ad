"""Intake with a gateway, and a mail server's side of handing mail over by LMTP or SMTP."""

import asyncio
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import SecretStr

from libs.events.catalogue.accounts import UserCreated
from libs.service.reply_tokens import ReplyTokens
from libs.service.rights import Role
from tests.infrastructure.cast import SYSTEM_KEY, until
from tests.infrastructure.ports import free_port
from tests.integration.intake.conftest import World

SUPPORT = "support@provider.example"
JANE = "jane@acme.example"


def a_mail(text: str = "It is broken", *, sender: str = JANE, **given: Any) -> EmailMessage:
    """As a person's mail program writes it; `headers` of it with `_` for `-`."""
    mail = EmailMessage()
    headers = {
        "From": f"Jane Roe <{sender}>",
        "To": SUPPORT,
        "Subject": "Help",
        "Date": "Mon, 05 Jan 2026 10:00:00 +0100",
        "Message-ID": f"<{uuid4()}@acme.example>",
        **{name.replace("_", "-"): value for name, value in given.items()},
    }
    for name, value in headers.items():
        if value is not None:
            mail[name] = value
    mail.set_content(text)
    return mail


@dataclass
class MailWorld:
    """Intake that listens for mail."""

    world: World
    port: int
    gateway: UUID
    owner: UUID
    protocol: str = "lmtp"

    async def deliver(self, mail: EmailMessage | bytes, *to: str, sender: str = JANE) -> dict[str, tuple[int, bytes]]:
        """Hand it over; the recipients that were refused."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        return await asyncio.to_thread(self._deliver, raw, list(to) or [SUPPORT], sender)

    def _deliver(self, raw: bytes, to: list[str], sender: str) -> dict[str, tuple[int, bytes]]:
        kind = smtplib.LMTP if self.protocol == "lmtp" else smtplib.SMTP
        with kind("127.0.0.1", self.port) as client:
            return client.sendmail(sender, to, raw)

    async def rows(self) -> list[dict[str, Any]]:
        rows = await self.world.database.fetch("select * from mails order by received_at, id")
        return [dict(row) for row in rows]

    async def settled(self) -> list[dict[str, Any]]:
        """All mails, once something has become of each."""
        await until(self._is_settled)
        return await self.rows()

    async def _is_settled(self) -> bool:
        return not await self.world.database.fetchval("select exists (select from mails where state = 'received')")

    async def ticket(self) -> UUID:
        """The ticket of the last mail."""
        last = (await self.settled())[-1]
        assert last["state"] in {"ticket", "reply"}, last
        return UUID(str(last["ticket_id"]))

    async def state(self) -> tuple[str, str | None]:
        last = (await self.settled())[-1]
        return last["state"], last["reason"]

    async def tickets(self) -> int:
        count: int = await self.world.database.fetchval("select count(*) from log where type = 'ticket.opened.v1'")
        return count

    def token(self, ticket: UUID) -> str:
        return ReplyTokens(SecretStr(SYSTEM_KEY)).make(ticket)

    async def get(self, path: str, who: UUID | None = None) -> httpx.Response:
        return await self.world.http.get(f"/api/intake{path}", headers=self.world.staff(who or self.owner))

    async def call(self, method: str, path: str, **body: Any) -> httpx.Response:
        headers = {**self.world.staff(self.owner), "If-Match": "*"}
        return await self.world.http.request(method, f"/api/intake{path}", json=body or None, headers=headers)


@pytest.fixture
def intake_settings(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Set by `@pytest.mark.parametrize("intake_settings", [{…}], indirect=True)`."""
    return {
        "attachments_url": f"file://{tmp_path / 'attachments'}",
        "mail_listen_port": free_port(),
        **getattr(request, "param", {}),
    }


@pytest.fixture
async def mail(world: World, intake_settings: dict[str, Any]) -> MailWorld:
    return await mail_world(world, intake_settings)


async def mail_world(world: World, settings: dict[str, Any]) -> MailWorld:
    owner = await world.hire(Role.OWNER)
    await world.accounts.tell(world.user, UserCreated(account_id=world.account, name="Jane", email=JANE))
    await world.consumed()
    body = {"address": SUPPORT, "category_id": str(world.category), "language": "en"}
    made = await world.http.post("/api/intake/gateways", json=body, headers=world.staff(owner))
    assert made.status_code == 201, made.text
    protocol = settings.get("mail_listen_protocol", "lmtp")
    return MailWorld(world, settings["mail_listen_port"], UUID(made.json()["id"]), owner, protocol)
