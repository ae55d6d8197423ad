"""One caller's requests to one service, as schemathesis draws them from its OpenAPI document."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Self

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder

from tests.acceptance.fuzz import documents, leaks, narrowed
from tests.acceptance.fuzz.callers import Caller, described
from tests.acceptance.fuzz.realism import Hook

REGISTERED = (leaks.NothingLeaks, documents.lines)
"""They are known to schemathesis by being imported."""
ALL_PHASES = ("examples", "coverage", "fuzzing", "stateful")
UNBOUND_PHASES = ("examples", "fuzzing", "stateful")
_SHOWN = 600
_REFUSED = 400
_NOTHING_LEADS_ON = "Missing Open API links"
"""None of the operations that are tried makes what another of them is about."""


@dataclass(frozen=True)
class Depth:
    """How much is drawn: examples of each operation (of all, or of these), and more of them while there are seconds left.

    The phase `coverage` draws all boundaries of what a document says, `stateful` goes on with what was made before.
    """

    examples: int
    phases: tuple[str, ...] = ALL_PHASES
    operations: AbstractSet[str] | None = None
    seconds: int | None = None
    seed: int = 7


@dataclass
class Outcome:
    """What was wrong (a description by operation, check and title), and how often which operation answered what."""

    wrong: dict[tuple[str, str, str], str] = field(default_factory=dict)
    count: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    answers: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def __iadd__(self, other: "Outcome") -> Self:
        for key, text in other.wrong.items():
            self.wrong.setdefault(key, text)
        self.count += other.count
        for operation, statuses in other.answers.items():
            self.answers[operation] += statuses
        return self

    @property
    def requests(self) -> int:
        return sum(answers.total() for answers in self.answers.values())

    def without_success(self) -> set[str]:
        """The operations that refused all that was asked of them."""
        return {operation for operation, statuses in self.answers.items() if min(statuses) >= _REFUSED}

    def forgive(self, key: tuple[str, str, str]) -> None:
        del self.wrong[key], self.count[key]

    def report(self) -> str:
        return "\n\n".join(
            f"{' · '.join(key)} ({self.count[key]}x)\n{text}" for key, text in sorted(self.wrong.items())
        )

    def note(self, key: tuple[str, str, str], text: str) -> None:
        self.count[key] += 1
        self.wrong.setdefault(key, text)


async def campaign(document: Mapping[str, Any], url: str, caller: Caller, depth: Depth, realism: Hook) -> Outcome:
    """Fuzz, in a thread: the product is served by this one's event loop."""
    if depth.operations is not None and not depth.operations:
        return Outcome()
    config = SchemathesisConfig.from_dict(_config(url, caller, depth))
    schema = schemathesis.openapi.from_dict(dict(document), config=config)
    schema.hook("map_case")(realism)
    schema.hook("filter_failure")(narrowed.is_wrong)
    caller.authenticate(schema, asyncio.get_running_loop())
    return await asyncio.to_thread(_run, schema)


def _config(url: str, caller: Caller, depth: Depth) -> dict[str, Any]:
    limit = {} if depth.seconds is None else {"max-time": depth.seconds}
    others = [] if depth.operations is None else [{"exclude-name": sorted(depth.operations), "enabled": False}]
    return {
        **limit,
        "base-url": url,
        "seed": depth.seed,
        "continue-on-failure": True,
        "request-timeout": 30,
        "max-stream-events": 1,  # the live stream has no end
        "output": {"sanitization": {"enabled": False}},
        "auth": {"auto-signup": False},
        "generation": {"max-examples": depth.examples, "database": "none", "no-shrink": True},
        "phases": {phase: {"enabled": phase in depth.phases} for phase in ALL_PHASES},
        "checks": {**narrowed.STATUSES, "NothingLeaks": described(caller)},
        "operations": [*others, *narrowed.OPERATIONS],
    }


def _run(schema: schemathesis.BaseSchema) -> Outcome:
    outcome = Outcome()
    for event in from_schema(schema).execute():
        match event:
            case events.ScenarioFinished():
                _take(outcome, event.recorder)
            case events.NonFatalError() if event.info.title != _NOTHING_LEADS_ON:
                outcome.note((event.label, "error", event.info.title), event.info.message)
            case events.FatalError():
                raise event.exception
    return outcome


def _take(outcome: Outcome, recorder: ScenarioRecorder) -> None:
    for case, interaction in recorder.interactions.items():
        if interaction.response is not None and case in recorder.cases:
            label = recorder.cases[case].value.operation.label
            outcome.answers[label][interaction.response.status_code] += 1
    for case, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                # What leaks is told apart by what it is, all else by what kind of failure it is.
                what = failure.message if check.name == leaks.NothingLeaks.__name__ else failure.title
                key = (recorder.cases[case].value.operation.label, check.name, what)
                answer = recorder.interactions[case].response
                lines = [failure.message, check.failure_info.code_sample, *_shown(answer)]
                outcome.note(key, "\n".join(line[:_SHOWN] for line in lines))


def _shown(answer: schemathesis.Response | None) -> Iterator[str]:
    if answer is not None:
        yield f"{answer.status_code} {answer.text}"
