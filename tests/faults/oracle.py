"""What must hold after any run. Each check answers the violations it finds, in words."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from libs.events.progress import Complete
from tests.faults.clients import Command, Journal
from tests.faults.pair.events import CATALOGUE, NoteCounted, NoteDeleted, NoteExpired, NoteWritten, NoteWrittenV1
from tests.faults.pair.scribe import EXPIRES
from tests.faults.plan import Plan
from tests.faults.snapshot import Entry, LogCopy, Snapshot
from tests.faults.world import World

WRITTEN = (NoteWrittenV1.TYPE, NoteWritten.TYPE)


def judge(
    world: World, plan: Plan, journal: Journal, markers: Sequence[Complete], live: Snapshot, again: Snapshot
) -> list[str]:
    scribe = live.logs["scribe"]
    restored = {loss.role for loss in world.losses}
    return [
        *_acknowledged_is_there(world, journal, scribe),
        *_attempted_is_there_once(journal, scribe),
        *_versions_are_contiguous(live),
        *(found for role in live.logs for found in _stream_tells_the_log(role, live)),
        *(found for role in live.logs for found in _stream_is_whole(role, plan, live)),
        *_mirror_saw_all(plan, live),
        *_notes_are_the_fold(live),
        *_expired_when_due(scribe),
        *_decided_once(live, restored),
        *_erased_is_gone(journal, live),
        *_markers_were_true(markers, scribe, restored),
        *_rebuild_equals_live(live, again),
    ]


def _acknowledged_is_there(world: World, journal: Journal, log: LogCopy) -> Iterator[str]:
    at = {entry.position: entry for entry in log.entries}
    for command in journal.acknowledged():
        entry = at.get(command.position or 0)
        if (entry is None or entry.entity != command.note) and not _may_be_lost(world, command):
            yield f"acknowledged and not in the log: {command}; there is {entry}"


def _may_be_lost(world: World, command: Command) -> bool:
    return any(
        loss.role == "scribe" and loss.since <= command.answered and command.began <= loss.until
        for loss in world.losses
    )


def _attempted_is_there_once(journal: Journal, log: LogCopy) -> Iterator[str]:
    lines = Counter(entry.line for entry in log.entries if entry.line)
    for command in journal.commands:
        if command.line and lines[command.line] > 1:
            yield f"{lines[command.line]} times in the log: {command}"
        if command.line and lines[command.line] and command.refused:
            yield f"refused, and in the log: {command}"


def _versions_are_contiguous(live: Snapshot) -> Iterator[str]:
    for role, log in live.logs.items():
        for entity, entries in _by_entity(log.entries).items():
            if [entry.version for entry in entries] != list(range(1, len(entries) + 1)):
                yield f"{role} {entity} has versions {[entry.version for entry in entries]}"


def _by_entity(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    grouped: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        grouped[entry.entity].append(entry)
    return grouped


def _stream_tells_the_log(role: str, live: Snapshot) -> Iterator[str]:
    """An ordered part of the log: same ids, places and content, in its present epoch."""
    log = live.logs[role]
    before = {later.id: earlier.position for earlier, later in pairwise(log.entries)}
    known = {entry.id: entry for entry in log.entries}
    last = 0
    for event in live.streams[role]:
        entry = known.get(event.id)
        if entry is None:
            yield f"the stream of the {role} has {event.id} at {event.position}, the log has not"
            continue
        place = (event.epoch, event.position, event.predecessor, event.data)
        if place != (log.epoch, entry.position, before.get(event.id, 0), entry.data):
            yield f"the stream of the {role} has {place} for {entry}"
        if event.position <= last:
            yield f"the stream of the {role} has {event.position} behind {last}"
        last = event.position


def _stream_is_whole(role: str, plan: Plan, live: Snapshot) -> Iterator[str]:
    if plan.leaves_streams_whole:
        for before, event in pairwise(live.streams[role]):
            if event.predecessor != before.position:
                yield f"the stream of the {role} has a hole between {before.position} and {event.position}"


def _mirror_saw_all(plan: Plan, live: Snapshot) -> Iterator[str]:
    log = live.logs["scribe"].entries
    told = [(entry.position, entry.id) for entry in log]
    if sorted(live.seen) != told:
        seen = Counter(live.seen)
        missing, foreign = set(told) - set(seen), set(seen) - set(told)
        twice = [place for place, times in seen.items() if times > 1]
        yield f"the mirror has not seen {sorted(missing)}, has seen {sorted(foreign)} too, and twice {sorted(twice)}"
    if not plan.poison and live.seen != sorted(live.seen):
        yield "the mirror has seen events out of order"
    note_of = {entry.id: entry.entity for entry in log}
    order: dict[str | None, int] = {}
    for position, event_id in live.seen:
        if position <= order.get(note_of.get(event_id), 0):
            yield f"the mirror has seen {position} of {note_of.get(event_id)} out of order"
        order[note_of.get(event_id)] = position
    if live.parked:
        yield f"{live.parked} events are still parked"


def _notes_are_the_fold(live: Snapshot) -> Iterator[str]:
    expected = fold(live.logs["scribe"])
    for note in expected.keys() | live.notes.keys():
        if expected.get(note) != live.notes.get(note):
            yield f"note {note} is {live.notes.get(note)}, should be {expected.get(note)}"


def fold(log: LogCopy) -> dict[str, tuple[int, int, str, str]]:
    """The mirror's notes as they should be: version, lines, text, state."""
    notes: dict[str, tuple[int, int, str, str]] = {}
    for entry in log.entries:
        _, lines, text, state = notes.get(entry.entity, (0, 0, "", "open"))
        if entry.type in WRITTEN:
            lines, text = lines + 1, f"{text}{entry.line}\n"
        elif entry.type == NoteExpired.TYPE:
            state = "expired"
        elif entry.type == NoteDeleted.TYPE:
            text, state = "", "deleted"
        notes[entry.entity] = (entry.version, lines, text, state)
    return notes


def _expired_when_due(log: LogCopy) -> Iterator[str]:
    for note, entries in _by_entity(log.entries).items():
        expirations = [entry for entry in entries if entry.type == NoteExpired.TYPE]
        deleted = any(entry.type == NoteDeleted.TYPE for entry in entries)
        if len(expirations) > 1 or (not expirations and not deleted):
            yield f"note {note} expired {len(expirations)} times"
        for entry in expirations:
            before = entries[entry.version - 2]
            if entry.time != before.time + EXPIRES:
                yield f"note {note} expired at {entry.time}, was written on at {before.time}"


def _decided_once(live: Snapshot, restored: set[str]) -> Iterator[str]:
    written = {entry.id: entry for entry in live.logs["scribe"].entries if entry.type in WRITTEN}
    counted = [entry for entry in live.logs["mirror"].entries if entry.type == NoteCounted.TYPE]
    causes = Counter(entry.cause for entry in counted)
    for cause, times in causes.items():
        if times > 1:
            yield f"decided {times} times about {cause}"
        if cause not in written and "scribe" not in restored:
            yield f"decided about {cause}, which never was"
    for event_id in written.keys() - causes.keys():
        yield f"never decided about {written[event_id]}"
    for note, entries in _by_entity(counted).items():
        if [entry.data["lines"] for entry in entries] != list(range(1, len(entries) + 1)):
            yield f"counted {[entry.data['lines'] for entry in entries]} lines of {note}"
        versions = [entry.data["of_version"] for entry in entries]
        if versions != sorted(versions) and "scribe" not in restored:
            yield f"decided out of order about {note}: {versions}"


def _erased_is_gone(journal: Journal, live: Snapshot) -> Iterator[str]:
    log = live.logs["scribe"]
    deleted = {entry.entity for entry in log.entries if entry.type == NoteDeleted.TYPE}
    texts = {command.line for command in journal.commands if command.line and command.note in deleted}
    for entry in log.entries:
        if entry.line in texts:
            yield f"erased, and still in the log: {entry}"
    for event in live.streams["scribe"]:
        if event.data.get("line") in texts:
            yield f"erased, and still in the stream: {event}"
    for entry in log.entries:
        CATALOGUE.model(entry.type).model_validate(entry.data)


def _markers_were_true(markers: Sequence[Complete], log: LogCopy, restored: set[str]) -> Iterator[str]:
    """Nothing stamped at or before a marker's instant is behind its position; a restore ends what an epoch promised."""
    for marker in markers:
        if marker.epoch != log.epoch and "scribe" in restored:
            continue
        for entry in log.entries:
            if entry.position > marker.position and entry.time <= marker.instant:
                yield f"{marker} was wrong: {entry}"


def _rebuild_equals_live(live: Snapshot, again: Snapshot) -> Iterator[str]:
    if live.notes != again.notes:
        different = {note for note in live.notes | again.notes if live.notes.get(note) != again.notes.get(note)}
        yield f"a rebuild gives other notes: {sorted(different)}"
    if sorted(live.seen) != sorted(again.seen):
        yield "a rebuild has seen other events"
    if live.logs != again.logs:
        yield "a rebuild has written into a log"
