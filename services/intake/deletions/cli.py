"""`python -m services.intake deletions logged|told|again`: what a restored backup must not bring back, as lines of JSON."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import nats
from nats.js.errors import NotFoundError

from libs.events import log as log_module
from libs.events.log import Log
from libs.events.stream import Stream
from libs.events.transport import Names
from libs.service.database import service_database
from libs.service.ids import new_id
from services.intake.deletions.again import Deletion, delete_again, in_log, in_stream, read
from services.intake.domain.by_time import ByTime
from services.intake.settings import Settings

NAME = "intake"
MIGRATIONS = Path(__file__).parent.parent / "migrations"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser("python -m services.intake deletions", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("logged", help="print the deletions that the log in the database has")
    actions.add_parser("told", help="print those that the stream on NATS still has")
    again = actions.add_parser("again", help="delete the tickets of such lines that are in the log")
    again.add_argument("file", type=Path, help="the lines; several may be about the same ticket")
    asked = parser.parse_args(arguments)
    if asked.action == "again":
        try:
            deletions = list(read(asked.file.read_text().splitlines()))
        except (OSError, ValueError) as error:
            parser.error(f"{asked.file}: {error}")
        return asyncio.run(_delete(Settings(), deletions))
    return asyncio.run(_show_logged(Settings()) if asked.action == "logged" else _show_told(Settings()))


async def _show_logged(settings: Settings) -> int:
    async with _log(settings) as log:
        await _show(in_log(log.pool))
    return 0


async def _show_told(settings: Settings) -> int:
    client = await nats.connect(settings.nats_url, allow_reconnect=False)
    try:
        names = Names()
        await _show(in_stream(Stream(client, names, NAME), names))
    except NotFoundError:
        print("There is no stream: NATS has lost what it was told", file=sys.stderr)  # noqa: T201 - a command's answer
        return 1
    finally:
        await client.close()
    return 0


async def _show(deletions: AsyncIterator[Deletion]) -> None:
    async for deletion in deletions:
        print(deletion.model_dump_json())  # noqa: T201 - a command's answer


async def _delete(settings: Settings, deletions: Sequence[Deletion]) -> int:
    """The lines have all been read by now: a bad one leaves everything as it was."""
    by_time = ByTime(new_id, settings.auto_close)
    async with _log(settings) as log:
        deleted = sum([await delete_again(log, by_time, deletion) for deletion in deletions])
    print(f"{deleted} tickets deleted again")  # noqa: T201 - a command's answer
    return 0


@asynccontextmanager
async def _log(settings: Settings) -> AsyncIterator[Log]:
    async with service_database(NAME, settings, log_module.MIGRATIONS, MIGRATIONS) as pool:
        yield Log(NAME, pool)
