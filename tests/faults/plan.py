"""The plan of a run: what is broken and when, drawn from a seed, printed and replayed as JSON."""

import json
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

SECONDS = 6.0
"""How long the clients keep commands coming; faults begin within this time."""


@dataclass(frozen=True)
class Step:
    """A fault: a method of `faults.Faults` with its arguments, `at` seconds after the clients began."""

    at: float
    fault: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    seed: int
    replicas: int = 1
    """Processes of each role."""
    clients: int = 4
    seconds: float = SECONDS
    poison: float = 0.0
    """Share of lines that the mirror cannot take in."""
    deletions: float = 0.0
    """Share of commands that delete a note."""
    duplicate_window: float = 120.0
    patience: float = 60.0
    """Seconds in which all must be told, mirrored and decided when nothing is broken any more."""
    steps: tuple[Step, ...] = ()

    def dump(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> "Plan":
        raw = json.loads(text)
        return cls(**{**raw, "steps": tuple(Step(**step) for step in raw["steps"])})

    @property
    def leaves_streams_whole(self) -> bool:
        """Whether nobody takes single messages out of a stream."""
        return not self.deletions and not any(step.fault in _HOLES for step in self.steps)


_HOLES = {"purge_stream", "delete_message", "delete_messages", "delete_message_past_window"}

Draw = Callable[[random.Random], Step]

SCRIBE_STATEMENTS = (
    "",
    "",
    "log_append",
    "COMMIT",
    "pg_snapshot_xmin",
    "log_clock",
    "min(due_at)",
    "$JS.API",
    "helpdesk.intake.",
    "erasures",
    "pg_try_advisory_lock",
)
MIRROR_STATEMENTS = (
    "",
    "",
    "log_append",
    "COMMIT",
    "update checkpoints",
    "insert into seen",
    "into parked",
    "from parked",
    "rename to",
    "create schema",
    "$JS.API",
    "helpdesk.routing.",
)


def draw_plan(seed: int) -> Plan:
    """A plan of one theme, so that faults of a kind meet each other, or of all."""
    rng = random.Random(seed)
    theme = THEMES[rng.choice(sorted(THEMES))]
    steps = [rng.choice(theme)(rng) for _ in range(rng.randint(3, 7))]
    return Plan(
        seed,
        replicas=rng.choice((1, 2)),
        poison=rng.choice((0.0, 0.03)),
        deletions=rng.choice((0.0, 0.05)),
        duplicate_window=rng.choice((1.0, 120.0)),
        steps=tuple(sorted(steps, key=lambda step: step.at)),
    )


def _step(fault: str, **choices: Callable[[random.Random], Any]) -> Draw:
    def draw(rng: random.Random) -> Step:
        at = round(rng.uniform(0.3, SECONDS), 2)
        return Step(at, fault, {name: choice(rng) for name, choice in choices.items()})

    return draw


def _one_of(*values: Any) -> Callable[[random.Random], Any]:
    return lambda rng: rng.choice(values)


def _between(low: float, high: float) -> Callable[[random.Random], float]:
    return lambda rng: round(rng.uniform(low, high), 2)


def _point(rng: random.Random) -> Step:
    role = rng.choice(("scribe", "mirror"))
    pattern = rng.choice(SCRIBE_STATEMENTS if role == "scribe" else MIRROR_STATEMENTS)
    options: dict[str, Any] = {
        "role": role,
        "pattern": pattern,
        "nth": rng.randint(1, 300 if not pattern else 8),
        "when": rng.choice(("before", "after")),
        "do": rng.choice(("kill", "kill", "stop")),
        "then": rng.choice(("nothing", "kill_nats", "wipe_nats", "kill_postgres")),
        "seconds": round(rng.uniform(0.1, 1.5), 2),
    }
    return Step(round(rng.uniform(0.3, SECONDS), 2), "point", options)


_ROLE = _one_of("scribe", "mirror")
_kill = _step("kill", role=_ROLE)
_down = _step("down", role=_ROLE, seconds=_between(0.5, 2.5))
_terminate = _step("terminate", role=_ROLE)
_pause = _step("pause", role=_ROLE, seconds=_between(0.2, 2.5))
_kill_nats = _step("kill_nats", seconds=_between(0.0, 2.0))
_wipe_nats = _step("wipe_nats", seconds=_between(0.0, 1.5))
_delete_stream = _step("delete_stream", role=_ROLE)
_purge_stream = _step("purge_stream", role=_ROLE)
_delete_message = _step("delete_message", role=_ROLE, last=_one_of(False, True), then_kill_nats=_one_of(False, True))
_delete_messages = _step("delete_messages", role=_ROLE, share=_between(0.01, 0.5))
_delete_past_window = _step("delete_message_past_window", role=_ROLE)
_kill_postgres = _step("kill_postgres", role=_ROLE, seconds=_between(0.0, 1.5))
_restart_postgres = _step("restart_postgres", role=_ROLE)
_restore = _step("restore", role=_ROLE, ago=_between(0.3, 2.0), announced=_one_of(False, True))
_slow = _step("slow_append", seconds=_between(0.1, 1.5), ending=_one_of("commit", "rollback"))
_burst = _step("burst", events=_one_of(50, 600))
_rebuild = _step("rebuild")
_retry = _step("retry")

_PROCESSES = [_kill, _down, _terminate, _pause, _point]
_NATS = [_kill_nats, _wipe_nats, _delete_stream, _purge_stream, _delete_message, _delete_messages, _delete_past_window]
_POSTGRES = [_kill_postgres, _restart_postgres]
_WRITERS = [_slow, _burst]
_OPERATORS = [_rebuild, _retry]

THEMES: dict[str, list[Draw]] = {
    "processes": [*_PROCESSES, _slow, _rebuild],
    "points": [_point, _point, _point, _slow],
    "nats": [*_NATS, _kill, _down, *_WRITERS],
    "postgres": [*_POSTGRES, _slow, _point, _kill, _rebuild],
    "restore": [_restore, _restore, _wipe_nats, _kill_nats, _kill, _slow, _rebuild],
    "projection": [_rebuild, *_OPERATORS, _kill, _pause, _point, _wipe_nats],
    "all": [*_PROCESSES, *_NATS, *_POSTGRES, _restore, *_WRITERS, *_OPERATORS],
}
