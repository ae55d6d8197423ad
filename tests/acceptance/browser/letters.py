"""Mail for the product to take in."""

import asyncio
import smtplib
from email.message import EmailMessage
from functools import partial
from typing import Any

from tests.infrastructure.provider import Provider

SUPPORT = "support@provider.example"


async def gateway(provider: Provider) -> dict[str, Any]:
    """Let mail come in by `SUPPORT`."""
    return await provider.admin.made("/api/intake/gateways", address=SUPPORT, category_id=provider.category_id)


async def write(port: int, *subjects: str, sender: str = "stranger@elsewhere.example") -> None:
    """Hand mails over by LMTP, as a mail server would; each has the same text."""
    for subject in subjects:
        await send(port, f"Somebody <{sender}>", SUPPORT, subject, "Dear support,\n\n<b>nothing</b> works.\n")


async def send(port: int, sender: str, to: str, subject: str, text: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{abs(hash(subject))}@elsewhere.example>"
    mail.set_content(text)
    await asyncio.to_thread(partial(_hand_over, port, mail))


def _hand_over(port: int, mail: EmailMessage) -> None:
    with smtplib.LMTP("127.0.0.1", port) as server:
        server.send_message(mail)


async def waiting(provider: Provider, count: int) -> list[dict[str, Any]]:
    """The mail that waits, once there is so much of it."""
    items: list[dict[str, Any]] = []
    while len(items) < count:
        await asyncio.sleep(0.05)
        items = (await provider.admin.get("/api/intake/mails")).json()["items"]
    return items
