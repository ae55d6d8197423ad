"""What it costs a process to tell viewers: 1,000 who watch different lists, changes as fast as they can be handed out.

Run as `python -m bench.live_hub_bench [--viewers 1000] [--changes 5000]`. No database and no network: only what is done for
each change and each message. Every viewer also counts ten views that all have in common.
"""

import argparse
import asyncio
import random
from time import process_time
from typing import Any
from uuid import UUID, uuid4

from pyroaring import BitMap64

from bench import results
from libs.service.http import to_json
from libs.service.rights import Role, Staff
from services.query.domain.changes import Place
from services.query.domain.membership import NONE, Facts
from services.query.domain.orders import Filters
from services.query.domain.views import Sharing, View
from services.query.live.seats import Directory, Seats
from services.query.live.standing import Standing
from services.query.live.touched import Touched
from services.query.live.viewer import Viewer
from services.query.live.wish import Wish

PER_SECOND = 100
"""Changes that the shares of a core are reckoned for, each of one ticket."""
CHANCE = random.Random(1)
DEPARTMENTS, ACCOUNTS, CATEGORIES = [[uuid4() for _ in range(count)] for count in (50, 500, 20)]
KINDS: dict[str, tuple[str, ...]] = {"urgency": ("high", "medium", "low"), "channel": ("panel", "email", "api")}


def staff(number: int) -> Staff:
    """One in ten sees everything, the others three departments."""
    if number % 10 == 0:
        return Staff(uuid4(), Role.OWNER)
    return Staff(uuid4(), Role.AGENT, departments=frozenset(CHANCE.sample(DEPARTMENTS, 3)))


def asked(number: int) -> Filters:
    """A list like no other."""
    fields: dict[str, Any] = {"opened_before": f"2100-01-01T00:00:00.{number:06}Z"}
    match number % 4:
        case 0:
            fields["account_id"] = CHANCE.choice(ACCOUNTS)
        case 1:
            fields["department_id"] = CHANCE.sample(DEPARTMENTS, 2)
        case 2:
            fields["urgency"] = ["high"]
        case 3:
            fields["responsible_id"] = [str(UUID(int=0)), "me"]
    return Filters.model_validate(fields)


def shared(number: int) -> View:
    at = Filters.model_validate({"opened_since": "2026-01-01T00:00:00Z"}).opened_since
    assert at is not None
    filters = asked(number).model_copy(update={"opened_before": None})
    return View(uuid4(), uuid4(), f"View {number}", filters, "weight", None, (), Sharing(everybody=True), at, at)


def facts(number: int) -> Facts:
    account = str(CHANCE.choice(ACCOUNTS))
    return Facts(
        number=number,
        state="active",
        account=account,
        user=account,
        department=str(CHANCE.choice(DEPARTMENTS)),
        responsible=NONE,
        category=str(CHANCE.choice(CATEGORIES)),
        project=NONE,
        group=NONE,
        attitude="good",
        urgency=CHANCE.choice(KINDS["urgency"]),
        channel=CHANCE.choice(KINDS["channel"]),
        tags=[],
        unread=False,
        waiting=False,
        blocked=False,
        deadline=None,
        opened=1_767_571_200_000_000,
    )


def change(seq: int) -> Touched:
    """Of a ticket that had another urgency before, as it often goes."""
    now = facts(CHANCE.randrange(1, 50_000))
    was = now._replace(urgency=CHANCE.choice(KINDS["urgency"]))
    row = to_json({**now._asdict(), "subject": "x" * 60, "names": ["n" * 12] * 8}).decode()
    return Touched(str(uuid4()), Place(1, seq), was, 0, [was], 0, 0, now, shown=lambda: row)


def seated(count: int) -> tuple[Seats, list[Viewer]]:
    standing = Standing(Place(1, 0), 0, is_whole=True)
    seats, people = Seats(standing), [staff(number) for number in range(count)]
    views = [shared(number) for number in range(10)]
    directory = Directory({one.id: one for one in people}, {view.id: view for view in views})
    viewers = [
        Viewer(Wish(None, one.id, None, asked(number), counts=True), standing) for number, one in enumerate(people)
    ]
    for viewer in viewers:
        seats.seat(viewer, directory)
    for one in list(seats.lists.to_load):
        seats.lists.loaded(one, BitMap64())
    return seats, viewers


def tell(seats: Seats, touched: Touched) -> int:
    """As the hub does it; how many viewers are told."""
    told, to_count = 0, set[Viewer]()
    for one in seats.lists.concerned(touched):
        body, is_other = one.take(touched)
        if is_other:
            to_count |= one.counters
        if body and one.viewers:
            word = touched.word(body)
            for viewer in one.viewers:
                viewer.offer(touched.ticket, word)
                told += 1
    for viewer in to_count:
        viewer.count()
    return told


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=1000)
    parser.add_argument("--changes", type=int, default=5000)
    given = parser.parse_args()
    seats, viewers = seated(given.viewers)
    changes = [change(seq) for seq in range(given.changes)]
    began, told = process_time(), 0
    for touched in changes:
        told += tell(seats, touched)
    telling = (process_time() - began) / given.changes
    began = process_time()
    for viewer in viewers:
        viewer._words()  # noqa: SLF001 - what a message costs, without the sending
        viewer._counts(float("inf"))  # noqa: SLF001
    writing = (process_time() - began) / told
    members = sum(len(one.members.serialize()) for one in seats.lists if one.members is not None)
    share = telling * PER_SECOND + writing * told / given.changes * PER_SECOND
    rows = [
        ["lists kept", f"{len(seats.lists):,}"],
        ["viewers told of a change, on average", f"{told / given.changes:.1f}"],
        ["to decide and hand out a change", f"{telling * 1e6:,.0f} µs"],
        ["to write a word into a message", f"{writing * 1e6:.2f} µs"],
        [f"share of a core at {PER_SECOND} changes/s, without sending", f"{share:.1%}"],
        ["bitmaps of what was counted, together", f"{members / 2**20:.1f} MiB"],
    ]
    command = f"python -m bench.live_hub_bench --viewers {given.viewers} --changes {given.changes}"
    results.write("live hub", command, [f"{given.viewers} viewers of different lists", ""], rows)


if __name__ == "__main__":
    asyncio.run(main())
