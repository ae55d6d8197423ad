"""What people of the demo attach to their messages: small files, made from the script and a seed."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from deploy.demo import script
from deploy.demo.picture import bars

_HOURS = 24


@dataclass(frozen=True)
class Paper:
    name: str
    content: bytes


def paper(kind: str, slots: Mapping[str, str], random: Random) -> Paper:
    plan = script.read("papers")[kind]
    name = plan["name"].format_map(slots)
    if "bars" in plan:
        return Paper(name, bars(list(_walk(random, plan["bars"]))))
    if "figures" in plan:
        return Paper(name, _figures(random, plan["figures"]).encode())
    return Paper(name, plan["text"].lstrip().format_map(slots).encode())


def _walk(random: Random, count: int) -> Iterator[float]:
    height = 0.3
    for _ in range(count):
        height = min(1.0, max(0.05, height + random.uniform(-0.15, 0.17)))
        yield height


def _figures(random: Random, columns: Mapping[str, Sequence[float]]) -> str:
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["hour", *columns])
    rows.writerows([f"{hour:02}:00", *(_between(random, *ends) for ends in columns.values())] for hour in range(_HOURS))
    return table.getvalue()


def _between(random: Random, low: float, high: float) -> str:
    return f"{random.uniform(low, high):.1f}"
