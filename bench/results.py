"""Where figures go: to the terminal and, with HELPDESK_BENCH_WRITE set, into RESULTS.md, each between its markers."""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"


def write(name: str, command: str, head: Sequence[str], rows: Sequence[Sequence[str]], *remarks: str) -> None:
    print(_for_terminal(head, rows), *remarks, sep="\n", flush=True)
    if os.environ.get("HELPDESK_BENCH_WRITE"):
        _replace(name, f"`{command}`\n\n{_as_markdown(head, rows)}\n" + "".join(f"\n{remark}\n" for remark in remarks))


def _for_terminal(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    return "\n".join("  ".join(f"{cell:>{width}}" for cell, width in zip(line, widths, strict=True)) for line in lines)


def _as_markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *rows])


def _replace(name: str, section: str) -> None:
    begin, end = f"<!-- figures: {name} -->", f"<!-- end: {name} -->"
    text = RESULTS.read_text()
    marked = re.compile(f"{re.escape(begin)}\n.*?{re.escape(end)}", re.DOTALL)
    if not marked.search(text):
        sys.exit(f"{RESULTS} has no place for {name}")
    RESULTS.write_text(marked.sub(lambda _: f"{begin}\n{section}{end}", text))
