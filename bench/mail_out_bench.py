"""Mail out: notifications a second, decided, worded, handed to a mail server on the same machine, and written down.

Run as `python -m bench.mail_out_bench`. The floor hands one ready-made mail of the same size over and over to the same
server, a connection each as notify does, without a database. They take turns; ratios are those of neighbouring rounds. A
round's notifications are all there when notify starts, and are counted from the first that is sent to the last.
"""

import argparse
import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from uuid import uuid4

from bench.outgoing import TEXT, Notify
from bench.results import write
from bench.stage import staged, until
from libs.service.ids import new_id
from services.notify.domain.mail import Letter, Sender, message
from services.notify.domain.wording import Words
from services.notify.mail.smtp import Fate, SmtpPost
from services.notify.settings import Settings

CONNECTIONS = (1, 4, 16)
MAILS = 1_000
ROUNDS = 3
_MANY = 10**9
FROM = "Helpdesk <helpdesk@provider.example>"


@dataclass(frozen=True)
class Round:
    """Mails a second."""

    floor: float
    product: float


async def measure(mails: int, rounds: int) -> dict[int, list[Round]]:
    async with staged() as stage:
        smtp = {"smtp_host": "127.0.0.1", "smtp_port": await stage.sink("mail"), "smtp_security": "none"}
        notify = await Notify.begun(stage, **smtp, mail_from=FROM, mails_per_minute=_MANY, mail_settle_seconds=0)
        await notify.stop()
        post = SmtpPost(Settings.model_validate({**smtp, "mail_from": FROM, "system_key": "sixteen characters"}))
        return {
            connections: [
                Round(await _handed_over(post, mails, connections), await _sent(notify, mails, connections))
                for _ in range(rounds)
            ]
            for connections in CONNECTIONS
        }


async def _handed_over(post: SmtpPost, mails: int, at_once: int) -> float:
    """The floor."""
    words = Words("[#1001] Mail does not arrive", f"Hello U,\n\nwe have received your request.\n\n{TEXT}")
    ready = message(Letter(new_id(), datetime.now(UTC), "U", "u@x.example", "en", words, ticket=uuid4()), Sender(FROM))
    left = iter(range(mails))

    async def hand_over() -> None:
        for _ in left:
            outcome = await post.hand_over(ready, "helpdesk@provider.example", "u@x.example")
            assert outcome.fate is Fate.TAKEN, outcome

    began = perf_counter()
    await asyncio.gather(*(hand_over() for _ in range(at_once)))
    return mails / (perf_counter() - began)


async def _sent(notify: Notify, mails: int, at_once: int) -> float:
    before = await notify.find(mails)
    await notify.start(smtp_connections=at_once)
    database = await notify.database()

    async def is_sent() -> bool:
        return bool(await database.fetchval(_SENT, before) == mails)

    await until(is_sent, seconds=600)
    seconds = await database.fetchval(_SECONDS, before)
    await database.close()
    await notify.stop()
    return float((mails - 1) / seconds)


_SENT = "select count(*) from outbox where requested_at >= $1 and state = 'sent'"
_SECONDS = "select extract(epoch from max(done_at) - min(done_at)) from outbox where requested_at >= $1"


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench.mail_out_bench", description=__doc__)
    parser.add_argument("--mails", type=int, default=MAILS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    found = asyncio.run(measure(asked.mails, asked.rounds))
    head = ["connections at a time", "handing over alone /s", "notifications /s", "ratio"]
    write("mail out", "python -m bench.mail_out_bench", head, [_cells(*row) for row in found.items()])


def _cells(connections: int, rounds: list[Round]) -> list[str]:
    return [
        str(connections),
        f"{median(one.floor for one in rounds):,.0f}",
        f"{median(one.product for one in rounds):,.0f}",
        f"{median(one.product / one.floor for one in rounds):.2f}",
    ]


if __name__ == "__main__":
    main()
