"""What came and went by mail is nowhere on disk once its ticket is deleted: neither mail as it came, nor what was to go."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from tests.acceptance.erasure.correspondence import STRANGER, SUPPORT, Post, answer_with, write_by_mail
from tests.acceptance.erasure.running import running_on
from tests.acceptance.erasure.traces import Words
from tests.acceptance.erasure.written import delete, read_everywhere
from tests.infrastructure.mailbox import running_mailbox
from tests.infrastructure.ports import free_port
from tests.infrastructure.provider import founded


@pytest.fixture
async def post(folder: Path) -> AsyncIterator[Post]:
    async with running_mailbox() as mailbox:
        port = free_port()
        settings: dict[str, object] = {
            "mail_listen_port": port,
            **mailbox.settings,
            "mail_settle_seconds": 0,
            "mail_from": f"Support <{SUPPORT}>",
            "mail_reply_address": f"Support <{SUPPORT}>",
        }
        async with running_on(folder / "var", **settings) as product:
            provider = await founded(product.product)
            await provider.admin.made("/api/intake/gateways", address=SUPPORT, category_id=provider.category_id)
            yield Post(product, provider, mailbox, port)


@pytest.mark.timeout(600)
async def test_no_byte_of_a_ticket_by_mail_stays_once_the_files_are_purged(post: Post) -> None:
    gone, kept, product = Words("gone"), Words("kept"), post.product
    doomed, left = [await write_by_mail(post, words) for words in (gone, kept)]
    await read_everywhere(post.provider, doomed)
    await _answer_that_nobody_takes(post, UUID(doomed.id), gone.new())
    strange = await post.bring(post.letter(gone, gone.new(), sender=STRANGER), sender=STRANGER)
    await product.everywhere("checkpoint")
    for words in (gone, kept):
        assert words.whole(product.data) >= words.made, "the search sees every word"

    await delete(post.provider.admin, doomed)
    admin = post.provider.admin
    discarded = await admin.http.delete(f"/api/intake/mails/{strange}", headers=admin._headers())
    assert discarded.is_success, discarded.text
    await product.erased(1)
    await product.until("notify", "select not exists (select from outbox where ticket = $1)", UUID(doomed.id))
    found = {file.split("/")[0] for files in gone.traces(product.data).values() for file in files}
    assert found == {"postgres"}, "only PostgreSQL's files take their time"
    await product.purge()
    assert gone.traces(product.data) == {}
    assert kept.whole(product.data) >= kept.made
    (raw, *_) = (await admin.get(f"/api/intake/tickets/{left.id}/mails")).json()["items"]
    assert (await admin.get(f"/api/intake/mails/{raw['id']}/raw")).content.count(kept.beginning.encode()) > 1
    await product.stop()
    assert gone.traces(product.data) == {}


async def _answer_that_nobody_takes(post: Post, ticket: UUID, text: str) -> None:
    """It waits in the outbox to be tried again."""
    tried = (
        "select exists (select from outbox where ticket = $1 and said = $2 and attempts = 1 and leased_until is null)"
    )
    post.mailbox.to_addresses = ["451 later"] * 100
    await answer_with(post, ticket, text)
    await post.product.until("notify", tried, ticket, text)
