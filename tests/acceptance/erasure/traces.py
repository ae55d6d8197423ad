"""Words that nobody would write by chance, and where their bytes are on disk."""

import re
import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

_RANDOM = 10
"""Bytes of a word that are its own; twice as many hexadecimal digits. A word is to be short enough for a tag."""


@dataclass
class Words:
    """Words of one kind of tickets. They begin alike, so that also what was cut off after that is found."""

    kind: str
    beginning: str = ""
    made: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.beginning = f"{self.kind}{secrets.token_hex(6)}"

    def new(self) -> str:
        word = self.beginning + secrets.token_hex(_RANDOM)
        self.made.add(word)
        return word

    def whole(self, folder: Path) -> set[str]:
        """What `traces` finds, without mere beginnings of words that were made: PostgreSQL cuts long values into pieces."""
        return {word for word in self.traces(folder) if word in self.made or not self._begins(word)}

    def _begins(self, word: str) -> bool:
        return any(made.startswith(word) for made in self.made)

    def traces(self, folder: Path) -> dict[str, set[str]]:
        """Word, whole or cut off -> the files below the folder that hold it."""
        pattern = re.compile(self.beginning.encode() + rb"[0-9a-f]{0,%d}" % (2 * _RANDOM))
        found = defaultdict[str, set[str]](set)
        for file in filter(Path.is_file, folder.rglob("*")):
            for word in set(pattern.findall(_read(file))):
                found[word.decode()].add(str(file.relative_to(folder)))
        return dict(found)


def _read(file: Path) -> bytes:
    """Its bytes; none if it has just gone, as files of a running server may."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
