"""Uploading and downloading one large file over HTTP, against copying it durably, and what that takes of memory.

Run as `python -m bench.attachment_bench`. Copy, upload and download take turns; the ratios are those of neighbouring rounds.
"""

import argparse
import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Self
from uuid import UUID, uuid4

import httpx
import psutil

from bench.results import write
from bench.stage import People, Stage, staged, until
from libs.events.catalogue.routing import CategoryCreated
from tests.infrastructure.s3 import s3_server

MEGABYTES = 200
ROUNDS = 3
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Round:
    """Seconds, and the most memory intake took above what it had before, in MiB."""

    copy: float
    upload: float
    download: float
    grown_uploading: float
    grown_downloading: float


async def measure(megabytes: int, rounds: int) -> dict[str, list[Round]]:
    found = {}
    async with s3_server() as s3:
        for place in ("a folder", "SeaweedFS"):
            async with staged() as stage:
                url = f"file://{stage.folder / 'attachments'}" if place == "a folder" else f"s3://attachments/{uuid4()}"
                os.environ.update(s3.environment())
                os.environ.update(
                    HELPDESK_ATTACHMENTS_URL=url,
                    HELPDESK_ATTACHMENTS_MAX_BYTES=str(megabytes * 10**6),
                    HELPDESK_ATTACHMENTS_MESSAGE_MAX_BYTES=str(megabytes * 10**6),
                    HELPDESK_ATTACHMENTS_UNCLAIMED_MAX_BYTES=str(megabytes * 10**7),
                )
                found[place] = await _rounds(stage, megabytes, rounds)
    return found


async def _rounds(stage: Stage, megabytes: int, rounds: int) -> list[Round]:
    people, category = People(), uuid4()
    accounts, routing = await stage.play("accounts"), await stage.play("routing")
    for entity, fact in people.facts():
        await accounts.tell(entity, fact)
    await routing.tell(category, CategoryCreated(name="Mail", default_department_id=uuid4()))
    process = psutil.Process((await stage.service("intake")).pid)
    source = stage.folder / "source.bin"
    with source.open("wb") as out:
        for _ in range(megabytes):
            out.write(os.urandom(10**6))
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{stage.ports['intake']}", timeout=600)
        )
        desk = Desk(http, people, category, process, megabytes * 10**6)
        await until(desk.is_ready)
        return [await desk.round(stage.folder, source) for _ in range(rounds)]


@dataclass
class Desk:
    http: httpx.AsyncClient
    people: People
    category: UUID
    process: psutil.Process
    size: int

    def headers(self) -> dict[str, str]:
        return {**self.people.as_client(), "Idempotency-Key": str(uuid4())}

    async def is_ready(self) -> bool:
        body = {"category_id": str(self.category), "subject": "x", "text": "x"}
        return (await self.http.post("/api/intake/tickets", json=body, headers=self.headers())).status_code == 201

    async def round(self, folder: Path, source: Path) -> Round:
        copy = await asyncio.to_thread(durable_copy, source, folder / "copy.bin")
        began = perf_counter()
        async with Memory(self.process) as uploading:
            file = await self.upload(source)
        upload = perf_counter() - began
        ticket = await self.claim(file)
        began = perf_counter()
        async with Memory(self.process) as downloading:
            size = await self.download(ticket, file)
        download = perf_counter() - began
        assert size == self.size
        return Round(copy, upload, download, uploading.grown, downloading.grown)

    async def upload(self, source: Path) -> str:
        named = {
            "Content-Disposition": 'attachment; filename="source.bin"',
            "Content-Length": str(self.size),
        }
        answer = await self.http.post(
            "/api/intake/attachments", content=pieces(source), headers={**self.headers(), **named}
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def claim(self, file: str) -> str:
        body = {"category_id": str(self.category), "subject": "x", "text": "x", "attachment_ids": [file]}
        answer = await self.http.post("/api/intake/tickets", json=body, headers=self.headers())
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def download(self, ticket: str, file: str) -> int:
        size = 0
        path = f"/api/intake/tickets/{ticket}/attachments/{file}"
        async with self.http.stream("GET", path, headers=self.headers()) as answer:
            async for chunk in answer.aiter_raw():
                size += len(chunk)
        return size


class Memory:
    """Looks at a process's memory while something is done."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._before = self._now()
        self._most = self._before

    @property
    def grown(self) -> float:
        return self._most - self._before

    async def __aenter__(self) -> Self:
        self._watch = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._watch.cancel()

    async def _look(self) -> None:
        while True:
            self._most = max(self._most, self._now())
            await asyncio.sleep(0.01)

    def _now(self) -> float:
        return float(self._process.memory_info().rss) / 2**20


async def pieces(source: Path) -> AsyncIterator[bytes]:
    with source.open("rb") as content:
        while piece := content.read(_CHUNK):
            yield piece


def durable_copy(source: Path, target: Path) -> float:
    """Seconds to copy a file and have it on the disk."""
    began = perf_counter()
    shutil.copyfile(source, target)
    descriptor = os.open(target, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    return perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench.attachment_bench", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=MEGABYTES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    found = asyncio.run(measure(asked.megabytes, asked.rounds))
    head = [
        "kept in",
        "copy MB/s",
        "upload MB/s",
        "download MB/s",
        "upload / copy",
        "uploading, MiB",
        "downloading, MiB",
    ]
    rows = [_cells(place, asked.megabytes, rounds) for place, rounds in found.items()]
    write("attachments", "python -m bench.attachment_bench", head, rows)


def _cells(place: str, megabytes: int, rounds: list[Round]) -> list[str]:
    return [
        place,
        *(
            f"{median(megabytes / getattr(one, what) for one in rounds):,.0f}"
            for what in ("copy", "upload", "download")
        ),
        f"{median(one.copy / one.upload for one in rounds):.2f}",
        f"+{max(one.grown_uploading for one in rounds):.0f}",
        f"+{max(one.grown_downloading for one in rounds):.0f}",
    ]


if __name__ == "__main__":
    main()
