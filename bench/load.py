"""The load generator: HTTP/1.1 over kept connections, as cheap as Python can, in a process of its own.

`python -m bench.load` reads an Order as JSON from its input and writes a Result. A request costs it some 20 µs, so one
core of it is not what a round waits for; `busy` says so.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass, field
from itertools import cycle
from time import perf_counter, process_time
from typing import Any, TypeVar
from uuid import uuid4

import orjson
import uvloop

T = TypeVar("T")


@dataclass
class Order:
    """What to send: each client sends the next request when it has its answer, over the paths in turn."""

    port: int
    paths: list[str]
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    is_command: bool = False
    """Whether each request carries an Idempotency-Key of its own."""
    clients: int = 1
    seconds: float = 3.0
    warm_up_seconds: float = 0.5


@dataclass
class Result:
    rate: float
    p50: float
    """Milliseconds, as `p99`."""
    p99: float
    statuses: dict[str, int]
    busy: float
    """The share of a core that the generator took."""


class Requests:
    """Ready-made requests, of which only the key differs."""

    def __init__(self, order: Order) -> None:
        body = order.body.encode()
        headers = {"Host": "bench", "Content-Length": str(len(body)), **order.headers}
        if body:
            headers["Content-Type"] = "application/json"
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._heads = cycle([f"{order.method} {path} HTTP/1.1\r\n{lines}".encode() for path in order.paths])
        self._body = body
        self._prefix = uuid4().hex if order.is_command else None
        self._number = 0

    def next(self) -> bytes:
        key = b""
        if self._prefix is not None:
            self._number += 1
            key = f"Idempotency-Key: {self._prefix}-{self._number}\r\n".encode()
        return b"%b%b\r\n%b" % (next(self._heads), key, self._body)


class Client(asyncio.Protocol):
    """One connection with one request under way."""

    def __init__(self, requests: Requests, taken: list[tuple[float, float, bytes]], ended: asyncio.Event) -> None:
        self._requests = requests
        self._taken = taken
        self._ended = ended
        self._buffer = b""
        self._sent = 0.0
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or len(self._buffer) < end + 4 + _content_length(self._buffer[:end]):
            return
        now = perf_counter()
        self._taken.append((now, now - self._sent, self._buffer[9:12]))
        self._buffer = b""
        if self._ended.is_set():
            self._transport.close()
        else:
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ended.is_set():
            raise SystemExit(f"the server closed a connection: {exc}")

    def _send(self) -> None:
        self._sent = perf_counter()
        self._transport.write(self._requests.next())


def _content_length(head: bytes) -> int:
    _, _, after = head.lower().partition(b"content-length:")
    return int(after.split(b"\r\n", 1)[0])


Taken = list[tuple[float, float, bytes]]
"""Of each answer: when it came, how long it took, and its status."""
Connect = Callable[[Taken, asyncio.Event], asyncio.Protocol]
"""A client that adds to what is taken, and sends nothing more when the event is set."""


async def run(order: Order) -> Result:
    requests = Requests(order)
    return await run_clients(order, lambda taken, ended: Client(requests, taken, ended))


async def run_clients(order: Any, connect: Connect) -> Result:
    """What comes to as many clients in the order's time, after its warm-up."""
    taken, ended = Taken(), asyncio.Event()
    loop, cpu = asyncio.get_running_loop(), process_time()
    for _ in range(order.clients):
        await loop.create_connection(lambda: connect(taken, ended), "127.0.0.1", order.port)
    await asyncio.sleep(order.warm_up_seconds)
    began = perf_counter()
    await asyncio.sleep(order.seconds)
    until = perf_counter()
    ended.set()
    busy = (process_time() - cpu) / (order.warm_up_seconds + order.seconds)
    return _result([one for one in taken if began <= one[0] <= until], until - began, busy)


def _result(taken: Taken, seconds: float, busy: float) -> Result:
    latencies = sorted(latency for _, latency, _ in taken)
    statuses: dict[str, int] = {}
    for _, _, status in taken:
        statuses[status.decode()] = statuses.get(status.decode(), 0) + 1
    p50, p99 = (percentile(latencies, share) * 1000 for share in (0.5, 0.99))
    return Result(len(taken) / seconds, p50, p99, statuses, busy)


def percentile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


async def measured(order: Any, cores: frozenset[int], module: str = "bench.load") -> Result:
    """The result of the module's kind of order, carried out by another process on these cores."""
    command = [sys.executable, "-m", module, ",".join(map(str, cores))]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    output, _ = await process.communicate(orjson.dumps(asdict(order)))
    if process.returncode:
        raise RuntimeError("the load generator failed")
    return Result(**orjson.loads(output))


def carry_out(kind: type[T], work: Callable[[T], Coroutine[Any, Any, Result]]) -> None:
    """As the process that `measured` starts."""
    os.sched_setaffinity(0, map(int, sys.argv[1].split(",")))
    result = uvloop.run(work(kind(**orjson.loads(sys.stdin.read()))))
    sys.stdout.buffer.write(orjson.dumps(asdict(result)))


if __name__ == "__main__":
    carry_out(Order, run)
