"""Judges a race by the ticket's log, and holds every answer that was given against it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.chaos.race.contestant import Deed

_FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of the ticket's log."""

    type: str
    time: datetime
    data: dict[str, Any]


@dataclass(slots=True)
class Hold:
    """One administrator's hold on the ticket; `until` when it ended."""

    holder: UUID
    token: int
    since: datetime
    expires: datetime
    until: datetime = _FOR_EVER
    seen_until: datetime = _FOR_EVER
    """When its end was known everywhere: it is stamped with the instant of its decision, and committed a little later."""
    reason: str = ""
    renewed: list[datetime] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    def spans(self, deed: Deed) -> bool:
        """Whether it lasted from before a deed until after it."""
        return self.since <= deed.began and self.until > deed.ended

    def is_ended_by(self, deed: Deed) -> bool:
        """Whether it may have been; one that ran out was ended by nobody."""
        return self.reason not in {"", "expired"} and deed.began <= self.until <= deed.ended

    def may_be_seen_by(self, deed: Deed) -> bool:
        return self.since <= deed.ended and self.seen_until > deed.began


class Referee:
    """`wrong` says all that is not as it must be."""

    def __init__(self, log: Iterable[Entry]) -> None:
        self.wrong: list[str] = []
        self.holds: dict[int, Hold] = {}
        self._current: Hold | None = None
        self._last_end = datetime.min.replace(tzinfo=UTC)
        for entry in log:
            self._read(entry)
        self._leave_to_time()

    # --- the log alone --------------------------------------------------------------------------

    def _read(self, entry: Entry) -> None:
        match entry.type.split(".")[1]:
            case "blocked":
                self._blocked(entry)
            case "block_renewed":
                self._renewed(entry)
            case "unblocked":
                self._unblocked(entry)
            case "answered":
                self._answered(entry)

    def _leave_to_time(self) -> None:
        """The last hold ends by itself, which somebody has yet to write down."""
        if self._current:
            self._current.until = self._current.expires

    def _blocked(self, entry: Entry) -> None:
        token, holder = entry.data["token"], UUID(entry.data["holder_id"])
        self._must(self._current is None, f"blocked while {self._current} holds", entry)
        self._must(token > max(self.holds, default=0), f"token {token} after {max(self.holds, default=0)}", entry)
        self._must(entry.time >= self._last_end, "blocked before the block before it ended", entry)
        expires = datetime.fromisoformat(entry.data["expires_at"])
        self._current = self.holds[token] = Hold(holder, token, entry.time, expires)

    def _renewed(self, entry: Entry) -> None:
        if hold := self._holder_s(entry):
            self._must(entry.time < hold.expires, "renewed after it ran out", entry)
            hold.expires = datetime.fromisoformat(entry.data["expires_at"])
            hold.renewed.append(entry.time)

    def _unblocked(self, entry: Entry) -> None:
        if hold := self._holder_s(entry):
            hold.until, hold.reason = entry.time, entry.data["reason"]
            is_in_time = entry.time == hold.expires if hold.reason == "expired" else entry.time < hold.expires
            self._must(is_in_time, f"ended at another instant than it ran out at ({hold.expires})", entry)
            self._last_end, self._current = entry.time, None

    def _answered(self, entry: Entry) -> None:
        hold = self._current
        if hold is None or str(hold.holder) != entry.data["author_id"]:
            self._must(False, f"answered while {hold} holds", entry)
            return
        self._must(hold.since <= entry.time < hold.expires, f"answered outside of {hold}", entry)
        hold.answers.append(entry.data["text"])

    def _holder_s(self, entry: Entry) -> Hold | None:
        hold, named = self._current, (UUID(entry.data["holder_id"]), entry.data["token"])
        self._must(hold is not None and (hold.holder, hold.token) == named, f"it is {hold} that holds", entry)
        return hold

    # --- what was answered, held against the log -----------------------------------------------

    def judge(self, deeds: Sequence[Deed]) -> None:
        for hold in self.holds.values():
            ends = (deed.ended for deed in deeds if hold.is_ended_by(deed))
            hold.seen_until = max(ends, default=hold.until)
        for deed in deeds:
            judgement = self._judgements().get(deed.kind)
            is_right = deed.status == 200 if judgement is None else judgement(deed)
            self._must(is_right, "the answer is not as the log has it", deed)
        accepted = {deed.text for deed in deeds if deed.text and deed.status == 200}
        stored = [text for hold in self.holds.values() for text in hold.answers]
        self._must(sorted(stored) == sorted(accepted), "answers in the log are not those that were accepted", None)

        for who in {deed.who for deed in deeds}:
            self._judge_drafts([deed for deed in deeds if deed.who == who and deed.text])

    def _judge_drafts(self, answers: Sequence[Deed]) -> None:
        """What was refused is its writer's draft, whatever others send meanwhile; what was accepted is none any more."""
        draft, sent = None, set[str | None]()
        for deed in answers:
            if deed.status != 200:
                draft = deed.text
                self._must(
                    deed.answer.get("draft_kept") is True, "the refusal does not say that the text is kept", deed
                )
            elif deed.text not in sent:
                draft = None
                sent.add(deed.text)
            self._must(deed.draft == draft, f"the draft is {deed.draft} instead of {draft}", deed)

    def _judgements(self) -> dict[str, Callable[[Deed], bool]]:
        renewal, answer = self._is_rightly_renewed, self._is_rightly_answered
        return {
            **dict.fromkeys(("block", "block at rest"), self._is_rightly_blocked),
            **dict.fromkeys(("renew", "renew old"), renewal),
            **dict.fromkeys(("answer", "answer old", "answer stolen", "send again"), answer),
        }

    def _is_rightly_blocked(self, deed: Deed) -> bool:
        """Whoever comes when a lease is over must get the block."""
        if deed.status == 200:
            hold = self.holds.get(deed.answer["block"]["token"])
            return hold is not None and hold.holder == deed.who and hold.may_be_seen_by(deed)
        others = (hold for hold in self.holds.values() if hold.holder != deed.who)
        return (
            deed.kind == "block" and _is(deed, "ticket-blocked") and any(hold.may_be_seen_by(deed) for hold in others)
        )

    def _is_rightly_renewed(self, deed: Deed) -> bool:
        hold = self._hold_of(deed)
        if deed.status == 200:
            return hold is not None and any(deed.began <= time <= deed.ended for time in hold.renewed)
        return _is(deed, "block-lost") and (hold is None or not hold.spans(deed))

    def _is_rightly_answered(self, deed: Deed) -> bool:
        """An answer that is sent again, after the first was accepted, is accepted again."""
        hold = self._hold_of(deed)
        if deed.status == 200:
            return hold is not None and hold.answers == [deed.text]
        is_stored = hold is not None and deed.text in hold.answers
        return _is(deed, "block-lost") and not is_stored and (hold is None or not hold.spans(deed))

    def _hold_of(self, deed: Deed) -> Hold | None:
        """The hold that the deed's token stands for, if it is theirs."""
        hold = self.holds.get(deed.token or 0)
        return hold if hold is not None and hold.holder == deed.who else None

    def late(self, deeds: Iterable[Deed]) -> Iterator[Deed]:
        """Answers that were sent for the first time when their block was over."""
        for deed in deeds:
            hold = self._hold_of(deed)
            if deed.kind in {"answer", "answer old"} and hold is not None and hold.until <= deed.began:
                yield deed

    def _must(self, holds: bool, otherwise: str, about: object) -> None:  # noqa: FBT001 - reads as a sentence
        if not holds:
            self.wrong.append(f"{otherwise}: {about}")


def _is(deed: Deed, problem: str) -> bool:
    return deed.status == 409 and str(deed.answer["type"]).endswith(problem)
