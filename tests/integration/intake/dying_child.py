"""A process on an errand in intake, which kills itself before or after a statement or a change of a file."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from libs.events.log import Log
from libs.service.ids import new_id
from services.intake.account_eraser import AccountEraser
from services.intake.attachments.files import LocalFiles, Write, open_files
from services.intake.attachments.remover import Remover
from services.intake.attachments.setup import Attachments
from services.intake.attachments.uploads import Delivery
from services.intake.domain.by_time import ByTime
from services.intake.mail.setup import MailIn
from services.intake.settings import Settings
from tests.infrastructure import dying
from tests.infrastructure.dying import PassBy, die_at, watch_statements, watch_steps

SIZE = 12_000_000
MAIL = (
    b"From: u@x.example\r\nTo: support@provider.example\r\nSubject: Help\r\nDate: now\r\nMessage-ID: <1@x.example>\r\n"
    b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nIt is broken\r\n'
    b"--b\r\nContent-Disposition: attachment; filename=a.log\r\n\r\nsome log\r\n--b--\r\n"
)
STRANGER_S = (
    b"Authentication-Results: mx.provider.example; dmarc=pass header.from=home.example\r\nFrom: stranger@home.example\r\n"
    b"To: support@provider.example\r\nSubject: Who am I?\r\nDate: now\r\nMessage-ID: <2@home.example>\r\n\r\nHello\r\n"
)


@dataclass(frozen=True)
class Errand:
    """What to do, and at which step, named by a part of the statement or `write` or `LocalFiles.remove`, to die."""

    dsn: str
    url: str
    what: str
    step: str
    when: str


async def killed(errand: Errand) -> bool:
    """Whether a process of its own, sent on this errand, has killed itself at the step."""
    return await dying.killed("tests.integration.intake.dying_child", errand)


def watch(pass_by: PassBy) -> None:
    watch_statements(pass_by)
    watch_steps(LocalFiles, ("remove",), pass_by)
    LocalFiles.writing = _watched_writing(LocalFiles.writing, pass_by)  # type: ignore[method-assign]


def _watched_writing(original: Any, pass_by: PassBy) -> Any:
    @asynccontextmanager
    async def writing(self: LocalFiles, file: UUID) -> AsyncIterator[Write]:
        async with original(self, file) as write:

            async def write_some(chunk: bytes) -> None:
                await write(chunk)
                pass_by("before", "write")

            yield write_some
        pass_by("after", "write")

    return writing


async def body() -> AsyncIterator[bytes]:
    for _ in range(12):
        yield b"x" * (SIZE // 12)


async def main(errand: Errand) -> None:
    settings = {"search_path": "live, public"}
    async with asyncpg.create_pool(errand.dsn, min_size=1, max_size=2, server_settings=settings) as pool:
        log, files = Log("intake", pool), open_files(errand.url)
        watch(die_at(errand.step, errand.when))
        if errand.what == "remove":
            await pool.execute("update attachments set remove_at = now()")
            await Remover(log, files).remove_due()
        elif errand.what == "erase":
            await AccountEraser(log, ByTime(new_id), settle_seconds=0).erase_pending()
        elif errand.what in {"mail", "stranger"}:
            await take_mail_in(log, errand.url, STRANGER_S if errand.what == "stranger" else MAIL)
        else:
            attachments = Attachments.of(log, new_id, Settings(), files)
            await attachments.uploads.receive(Delivery("user:x", "a.txt", None, "key", "/"), body())


async def take_mail_in(log: Log, url: str, raw: bytes = MAIL) -> None:
    """Keep a mail that the server has not been answered for, and make something of it."""
    mail = MailIn.of(log, ByTime(new_id), Settings(attachments_url=url), open_files(url))
    gateway = await log.pool.fetchval("select id from mail_gateways")
    await mail.receiving.keep(gateway, raw, "support@provider.example", "u@x.example")
    await log.pool.execute("update mails set retry_at = null where state = 'received'")
    while await mail.processing.process_one():
        pass


if __name__ == "__main__":
    asyncio.run(main(Errand(**json.loads(sys.argv[1]))))
