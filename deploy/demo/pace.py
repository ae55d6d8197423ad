"""Doing many things side by side, and telling how far it is."""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Pace:
    def __init__(self, workers: ThreadPoolExecutor) -> None:
        self._workers = workers

    def each(self, title: str, act: Callable[[T], None], things: Sequence[T]) -> None:
        """Act on each thing; the first failure ends it."""
        done = 0
        futures = [self._workers.submit(act, thing) for thing in things]
        try:
            for done, future in enumerate(futures, 1):
                future.result()
                self._show(title, done, len(things))
        finally:
            for future in futures[done:]:
                future.cancel()

    def _show(self, title: str, done: int, total: int) -> None:
        """On a terminal one line that counts; in a file, a line when all is done."""
        is_last = done == total
        if is_last or sys.stdout.isatty():
            print(f"\r· demo: {title} {done}/{total}", end="\n" if is_last else "", flush=True)
