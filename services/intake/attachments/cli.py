"""`python -m services.intake attachments check`: do rows and files agree? Ends with 1 if they do not."""

import argparse
import asyncio
from collections.abc import Sequence

import asyncpg

from services.intake.attachments.check import check, described, remove_orphans
from services.intake.attachments.files import open_files
from services.intake.settings import Settings


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser("python -m services.intake attachments", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    checking = actions.add_parser("check", help="compare the rows of attachments with the files")
    checking.add_argument("--read", action="store_true", help="read every file, and compare its SHA-256 as well")
    checking.add_argument("--remove-orphans", action="store_true", help="remove the files that no row knows")
    asked = parser.parse_args(arguments)
    return asyncio.run(_check(Settings(), read=asked.read, remove=asked.remove_orphans))


async def _check(settings: Settings, *, read: bool, remove: bool) -> int:
    files = open_files(settings.attachments_url)
    async with asyncpg.create_pool(settings.database_dsn("intake"), min_size=1, max_size=1) as pool:
        report = await check(pool, files, read=read)
        print(described(report))  # noqa: T201 - a command's answer
        if remove and report.orphans:
            print(f"{await remove_orphans(pool, files, report)} orphans removed")  # noqa: T201 - likewise
            report.orphans.clear()
    return 0 if report.is_clean else 1
