"""What the contestants of a round mean to do, drawn from a seed: the same seed and number, the same round."""

from dataclasses import dataclass
from random import Random
from typing import Literal

Kind = Literal[
    "block",
    "block at rest",
    "renew",
    "renew old",
    "answer",
    "answer old",
    "answer stolen",
    "send again",
    "release",
    "unblock",
]

MOVES: dict[Kind, int] = {
    "block": 4,
    "renew": 5,
    "renew old": 1,
    "answer": 5,
    "answer old": 2,
    "answer stolen": 1,
    "send again": 2,
    "release": 3,
}
"""How often each is drawn. `old` is with a token from before, `stolen` with the other's, `send again` through the other's
process with the same idempotency key."""
PAUSES = (0.0, 0.0, 0.0, 0.1, 0.3, 0.7, 1.2)
"""Before a move, in lifetimes of a lease: in the longest, one that is not renewed runs out."""


@dataclass(frozen=True, slots=True)
class Move:
    kind: Kind
    pause: float
    chance: float
    """Chooses one of several tokens, in [0, 1)."""


@dataclass(frozen=True, slots=True)
class Round:
    number: int
    moves: tuple[tuple[Move, ...], ...]
    """One line for each contestant, the third last; she makes none in most rounds."""
    lets_run_out: bool
    """Whether nobody moves afterwards until the last lease is over, and somebody must get the block then, `at rest`."""


def draw_round(seed: int, number: int) -> Round:
    """Two begin with trying to block, at once."""
    chance = Random(f"{seed} {number}")
    both = tuple((Move("block", 0.0, 0.0), *_line(chance, 3)) for _ in range(2))
    third = _thirds(chance) if chance.random() < 0.4 else ()
    return Round(number, (*both, third), chance.random() < 0.15)


def _line(chance: Random, most: int) -> list[Move]:
    kinds = chance.choices(list(MOVES), list(MOVES.values()), k=chance.randint(1, most))
    return [Move(kind, chance.choice(PAUSES), chance.random()) for kind in kinds]


def _thirds(chance: Random) -> tuple[Move, ...]:
    """She takes blocks away, and sometimes wants one herself."""
    unblock = Move("unblock", chance.choice(PAUSES), 0.0)
    return (unblock, *_line(chance, 2)) if chance.random() < 0.3 else (unblock,)
