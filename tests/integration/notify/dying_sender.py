"""A process that sends what is due, and kills itself before or after a statement or a step of SMTP."""

import asyncio
import json
import sys
from dataclasses import dataclass

import asyncpg
import httpx
from aiosmtplib import SMTP

from libs.events.log import Log
from libs.service.reply_tokens import ReplyTokens
from services.notify.mail.asking import Peer
from services.notify.mail.links import Links
from services.notify.mail.password_links import PasswordLinks
from services.notify.mail.sending import Sending
from services.notify.mail.smtp import SmtpPost
from services.notify.mail.strangers import Strangers
from services.notify.mail.wording import Wordings
from services.notify.settings import Settings
from tests.infrastructure.dying import die_at, watch_statements, watch_steps

SMTP_STEPS = ("connect", "mail", "rcpt", "data", "quit")


@dataclass(frozen=True)
class Errand:
    """At which step to die: a part of a statement, or one of SMTP_STEPS as `SMTP.data`."""

    dsn: str
    smtp_port: int
    step: str
    when: str


def sending(pool: asyncpg.Pool, client: httpx.AsyncClient, smtp_port: int) -> Sending:
    """By the machine's clock."""
    settings = Settings.model_validate(
        {
            "system_key": "the key that services share",
            "smtp_host": "127.0.0.1",
            "smtp_port": smtp_port,
            "smtp_security": "none",
            "smtp_timeout_seconds": 10,
            "mail_retry_seconds": 0.001,
        }
    )
    peer = Peer("accounts", settings.accounts_url, client, settings.system_key)
    links, tokens = Links(settings.public_url, settings.system_key), ReplyTokens(settings.system_key)
    words = Wordings(pool, links, tokens, None, PasswordLinks(peer), Strangers(peer))
    return Sending(Log("notify", pool), words, SmtpPost(settings), settings, asyncio.Event(), lambda: 0.5)


async def main(errand: Errand) -> None:
    search_path = {"search_path": "live, public"}
    async with (
        asyncpg.create_pool(errand.dsn, min_size=1, max_size=4, server_settings=search_path) as pool,
        httpx.AsyncClient() as client,
    ):
        pass_by = die_at(errand.step, errand.when)
        watch_statements(pass_by)
        watch_steps(SMTP, SMTP_STEPS, pass_by)
        await sending(pool, client, errand.smtp_port).send_due()


if __name__ == "__main__":
    asyncio.run(main(Errand(**json.loads(sys.argv[1]))))
