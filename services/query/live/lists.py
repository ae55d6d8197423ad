"""The lists that somebody watches or counts, each once however many do, and which of them a change may concern."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pyroaring import BitMap64

from services.query.domain import changes
from services.query.domain.membership import Facts, Key, is_timed, keys_of_list, keys_of_ticket, predicate
from services.query.live.standing import Standing
from services.query.live.touched import Touched
from services.query.live.viewer import Viewer
from services.query.live.wish import Chosen


class LiveList:
    """A list as its viewers know it. `members`, numbers of tickets, are there once they are wanted and read."""

    def __init__(self, chosen: Chosen, standing: Standing) -> None:
        self.chosen = chosen
        self.viewers: set[Viewer] = set()
        self.counters: set[Viewer] = set()
        self.members: BitMap64 | None = None
        self.text = chosen.filters.text if chosen.filters else None
        """What PostgreSQL has to look for in its tickets."""
        self.wants_members = self.text is not None
        self.wanted_at = 0.0
        """When it last had a use, by the clock of the event loop."""
        self._standing = standing
        self._is_timed = is_timed(chosen.filters)
        self._matches = predicate(chosen.filters, chosen.sight)
        self._sees = predicate(None, chosen.sight)

    @property
    def is_timed(self) -> bool:
        return self._is_timed

    @property
    def is_to_load(self) -> bool:
        return self.wants_members and self.members is None

    @property
    def size(self) -> int | None:
        """How many tickets the list has where the reading stands."""
        return len(self.members) if self.members is not None and self._standing.is_whole else None

    @cached_property
    def name(self) -> str:
        return changes.name_of(*self.chosen)

    def is_idle(self, now: float, kept: float) -> bool:
        """Whether nobody wants it any more. Members, which had to be read, are kept for some more seconds."""
        if self.viewers or self.counters:
            self.wanted_at = now
            return False
        return not self.wants_members or now - self.wanted_at >= kept

    def may_hold(self, facts: Facts, at: int) -> bool:
        """Whether a ticket is in it, but for its text."""
        return self._matches(facts, at)

    def take(self, touched: Touched) -> tuple[bytes | None, bool]:
        """What its viewers are told of a ticket that has changed, and whether the list has grown or shrunk."""
        is_in, members = self._has(touched), self.members
        had = self._had(touched) if members is None else touched.number in members
        is_other = members is not None and is_in is not had
        if is_other:
            self._keep(touched.number, is_in=is_in)
        if not self.viewers:
            return None, is_other
        may_have_had = is_in or had or self._may_have_had(touched)
        return self._said(touched, is_in=is_in, had=had, may_have_had=may_have_had), is_other

    def recalled(self, touched: Touched) -> bytes | None:
        """The same for somebody who was away meanwhile, whatever the list has been told."""
        is_in, had = self._has(touched), self._had(touched)
        may = any(self._matched(before, touched) for before in touched.before)
        return self._said(touched, is_in=is_in, had=had and self.text is None, may_have_had=may)

    def _has(self, touched: Touched) -> bool:
        now = touched.now
        if now is None or not self._matches(now, touched.at):
            return False
        return self.text is None or touched.has_text(self.text)

    def _had(self, touched: Touched) -> bool:
        """Whether the ticket was in it, but for its text, when all were told last."""
        return touched.was is not None and self._matches(touched.was, touched.was_at)

    def _may_have_had(self, touched: Touched) -> bool:
        """Whether anybody who has fetched the list since then may have found the ticket in it, who was not told so."""
        if touched.is_single and not self._is_timed:
            return False
        if self.text is not None and len(touched.before) == 1 and not touched.has_text(self.text):
            return False
        return any(self._matched(before, touched) for before in touched.before)

    def _matched(self, before: Facts, touched: Touched) -> bool:
        """At one end or the other of the time in which somebody may have looked."""
        return self._matches(before, touched.was_at) or (self._is_timed and self._matches(before, touched.at))

    def _keep(self, number: int, *, is_in: bool) -> None:
        assert self.members is not None
        if is_in:
            self.members.add(number)
        else:
            self.members.discard(number)

    def _said(self, touched: Touched, *, is_in: bool, had: bool, may_have_had: bool) -> bytes | None:
        if is_in:
            return touched.row if had or self.chosen.filters is None else touched.row_in
        if not may_have_had:
            return None
        is_seen = touched.now is not None and self._sees(touched.now, touched.at)
        return touched.out if is_seen else touched.gone


@dataclass
class LiveLists:
    """All of them, found by what they are of, and by what the tickets in them have in common."""

    standing: Standing
    to_load: dict[LiveList, None] = field(default_factory=dict)
    """Whose members are wanted and not there."""
    timed: set[LiveList] = field(default_factory=set)
    with_text: set[LiveList] = field(default_factory=set)
    stale: set[LiveList] = field(default_factory=set)
    """Of those with a text: names have changed since, which it is looked for in as well."""
    _lists: dict[str, LiveList] = field(default_factory=dict)
    _by_key: defaultdict[Key, set[LiveList]] = field(default_factory=lambda: defaultdict(set))

    def __iter__(self) -> Iterator[LiveList]:
        return iter(self._lists.values())

    def __len__(self) -> int:
        return len(self._lists)

    def of(self, chosen: Chosen) -> LiveList:
        described = changes.description(*chosen)
        if (found := self._lists.get(described)) is None:
            found = self._lists[described] = LiveList(chosen, self.standing)
            self._add(found)
        return found

    def _add(self, one: LiveList) -> None:
        for key in keys_of_list(*one.chosen):
            self._by_key[key].add(one)
        if one.is_timed:
            self.timed.add(one)
        if one.text is not None:
            self.with_text.add(one)
        if one.wants_members:
            self.to_load[one] = None

    def want_members(self, one: LiveList) -> None:
        if not one.wants_members:
            one.wants_members = True
            self.to_load[one] = None

    def loaded(self, one: LiveList, members: BitMap64) -> None:
        one.members = members
        self.to_load.pop(one, None)
        self.stale.discard(one)

    def concerned(self, touched: Touched) -> set[LiveList]:
        """Those that the ticket may be in, or may have been in."""
        keys = {key for facts in touched.all_facts for key in keys_of_ticket(facts)}
        found = set[LiveList]().union(*(self._by_key[key] for key in keys if key in self._by_key))
        return found & self.timed if touched.is_by_time else found

    def drop_idle(self, now: float, kept: float) -> None:
        for described, one in [(d, one) for d, one in self._lists.items() if one.is_idle(now, kept)]:
            del self._lists[described]
            self._remove(one)

    def _remove(self, one: LiveList) -> None:
        for key in keys_of_list(*one.chosen):
            self._by_key[key].discard(one)
            if not self._by_key[key]:
                del self._by_key[key]
        self.timed.discard(one)
        self.with_text.discard(one)
        self.stale.discard(one)
        self.to_load.pop(one, None)

    def forget_members(self) -> None:
        for one in self:
            one.members = None
            if one.wants_members:
                self.to_load[one] = None
