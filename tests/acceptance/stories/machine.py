"""The stories, for Hypothesis to tell. They are played in a thread of their own, beside the product's event loop."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, RuleBasedStateMachine, initialize, multiple, rule

from tests.acceptance.stories import draw
from tests.acceptance.stories.draw import Act
from tests.acceptance.stories.model.helpdesk import Given, Helpdesk
from tests.acceptance.stories.model.people import (
    ANSWER,
    ASSIGN,
    DELETE,
    READ,
    UNBLOCK,
    Administrator,
    Anybody,
    Client,
)
from tests.acceptance.stories.model.ticket import Ticket
from tests.acceptance.stories.stage import Stage
from tests.acceptance.stories.story import Story

T = TypeVar("T")


@dataclass
class Run:
    """Story after story on one stage."""

    stage: Stage
    loop: asyncio.AbstractEventLoop
    last: Story | None = None
    """The last one that came to its end."""
    tickets: list[Ticket] = field(default_factory=list)
    """Of all stories that did."""
    seen: Counter[str] = field(default_factory=Counter)
    """What happened in them, how often."""


class Stories(RuleBasedStateMachine):
    tickets: Bundle[Ticket] = Bundle("tickets")

    run: ClassVar[Run]

    def __init__(self) -> None:
        super().__init__()
        self.stage = self.run.stage
        self.has_failed = False
        self.mood = ""

    def play(self, act: Coroutine[Any, Any, T]) -> T:
        """Let it happen in the product's event loop."""
        try:
            return asyncio.run_coroutine_threadsafe(act, self.run.loop).result()
        except BaseException as error:
            if not self.has_failed:
                error.add_note("What was asked:\n" + "\n".join(self.stage.journal))
            self.has_failed = True
            raise

    @initialize(target=tickets, mood=st.sampled_from(sorted(draw.MOODS)), category=draw.category, urgency=draw.urgency)
    def begin(self, mood: str, category: str, urgency: str) -> MultipleResults[Ticket]:
        """A ticket of each account's is there already."""
        last, self.run.last = self.run.last, None
        if last:
            self.play(last.close_up())
        cast = self.play(self.stage.begin())
        closed = {self.stage.departments["Nowhere"]}
        self.mood, self.story = mood, Story(self.stage, cast, Helpdesk(self.stage.clock.now(), closed))
        first, second = self._submit("Carl", "Mail", "low", "Hello"), self._submit("Dora", category, urgency, "Hello")
        return multiple(*first.values, *second.values)

    @rule(
        target=tickets,
        ticket=tickets,
        later=draw.later,
        act=st.runner().flatmap(lambda stories: draw.MOODS[stories.mood]),
    )
    def then(self, ticket: Ticket, later: float, act: Act) -> MultipleResults[Ticket]:
        """There is but one rule, because Hypothesis leaves some of several out of each story; moods do that better here."""
        self.story.time_passes(later)
        what, *how = act
        if what in {"submit", "submit_for"}:
            made: MultipleResults[Ticket] = getattr(self, f"_{what}")(*how)
            return made
        if what in {"send_again", "judge", "enable", "move"}:
            getattr(self, f"_{what}")(*how)
        else:
            getattr(self, f"_{what}")(self._mostly_there(ticket), *how)
        return multiple()

    def teardown(self) -> None:
        if not self.has_failed and hasattr(self, "story"):
            self.play(self.story.look_at_everything())
            self.run.last = self.story
            self.run.tickets += self.story.model.tickets
            self.run.seen += self.story.seen

    def _mostly_there(self, ticket: Ticket) -> Ticket:
        """In place of a deleted ticket most of the time another: all that can be done to it is to be refused."""
        others = [one for one in self.story.model.tickets if one.is_there]
        return ticket if ticket.is_there or not others or self.story.steps % 6 == 0 else others[-1]

    # --- acts ---------------------------------------------------------------------------------------

    def _submit(self, client: str, category: str, urgency: str, said: str) -> MultipleResults[Ticket]:
        return self._submit_for(client, client, category, urgency, said)

    def _submit_for(self, who: str, client: str, category: str, urgency: str, said: str) -> MultipleResults[Ticket]:
        user = self.story.cast.clients[client]
        submitting = self.story.submit(self._who(who), user, self.stage.categories[category], urgency, said)
        made = self.play(submitting)
        return multiple(made) if made else multiple()

    def _delete(self, ticket: Ticket, who: str) -> None:
        self.play(self.story.delete(self._who(who, ticket, DELETE), ticket))

    def _do_to_many(self, ticket: Ticket, who: str, action: str, to: str | None, number: int) -> None:
        """This ticket, and those made last."""
        target: Any = self.stage.staff[to] if to else None
        if action == "transfer":
            target = self.stage.departments["Desk" if to else "Phone"]
        many = [ticket, *self.story.model.tickets[-number:]]
        self.play(self.story.do_to_many(self._who(who, ticket), many, action, target))

    def _send_again(self, which: int, other_body: bool) -> None:  # noqa: FBT001 - drawn
        self.play(self.story.send_again(which, other_body=other_body))

    def _judge(self, account: int, attitude: str) -> None:
        self.play(self.story.judge(self.story.cast.accounts[account], attitude))

    def _enable(self, name: str) -> None:
        """Or disable."""
        one = self._who(name)
        assert isinstance(one, Administrator | Client)
        self.play(self.story.enable(one, enabled=not one.enabled))

    def _move(self, name: str, place: str) -> None:
        self.play(self.story.move(self.stage.staff[name], self.stage.departments[place]))

    def _reply(self, ticket: Ticket, user: str, said: str) -> None:
        self.play(self.story.write(self._user(user, ticket), ticket, said, None, close=False))

    def _answer(self, ticket: Ticket, who: str, said: str, close: bool) -> None:  # noqa: FBT001 - drawn
        """Begin to write, and send."""
        writer = self._who(who, ticket, ANSWER)
        self.play(self.story.block(writer, ticket))
        self.play(self.story.write(writer, ticket, said, ticket.tokens, close=close))

    def _send(self, ticket: Ticket, who: str, said: str, block: str, close: bool) -> None:  # noqa: FBT001 - drawn
        """Send what was begun, if it still can be."""
        writer, token = self._holder(ticket, block, who), _token(ticket, block)
        self.play(self.story.write(writer, ticket, said, token, close=close))

    def _note(self, ticket: Ticket, who: str, said: str, block: str) -> None:
        self.play(self.story.note(self._holder(ticket, block, who), ticket, said, _token(ticket, block)))

    def _save_draft(self, ticket: Ticket, who: str, said: str) -> None:
        self.play(self.story.save_draft(self._who(who, ticket, ANSWER), ticket, said))

    def _discard_draft(self, ticket: Ticket, who: str) -> None:
        self.play(self.story.discard_draft(self._who(who, ticket, ANSWER), ticket))

    def _rate(self, ticket: Ticket, user: str, which: int, stars: int) -> None:
        self.play(self.story.rate(self._user(user, ticket), ticket, which, stars))

    def _read(self, ticket: Ticket, who: str) -> None:
        self.play(self.story.read(self._who(who, ticket), ticket))

    def _read_as(self, ticket: Ticket, user: str) -> None:
        self.play(self.story.read(self._user(user, ticket), ticket))

    def _block(self, ticket: Ticket, who: str) -> None:
        self.play(self.story.block(self._who(who, ticket, ANSWER), ticket))

    def _renew(self, ticket: Ticket, who: str, block: str) -> None:
        self.play(self.story.renew(self._holder(ticket, block, who), ticket, _token(ticket, block) or 0))

    def _release(self, ticket: Ticket, who: str, block: str) -> None:
        self.play(self.story.release(self._holder(ticket, block, who), ticket, _token(ticket, block) or 0))

    def _unblock(self, ticket: Ticket, who: str) -> None:
        self.play(self.story.unblock(self._who(who, ticket, UNBLOCK), ticket))

    def _edit(self, ticket: Ticket, who: str, given: Given, wanted: dict[str, Any]) -> None:
        changes = dict(wanted)
        if "category" in changes:
            changes["category"] = self.stage.categories[changes["category"]]
        if changes.get("project") is not None:
            changes["project"] = self.stage.projects[changes["project"]]
        self.play(self.story.edit(self._who(who, ticket, ANSWER), ticket, given, **changes))

    def _take(self, ticket: Ticket, who: str, given: Given) -> None:
        self.play(self.story.take(self._who(who, ticket, ASSIGN), ticket, given))

    def _assign(self, ticket: Ticket, who: str, given: Given, to: str | None) -> None:
        responsible = self.stage.staff[to] if to else None
        self.play(self.story.assign(self._who(who, ticket, ASSIGN), ticket, given, responsible))

    def _transfer(self, ticket: Ticket, who: str, given: Given, to: str) -> None:
        self.play(self.story.transfer(self._who(who, ticket, ASSIGN), ticket, given, self.stage.departments[to]))

    def _close(self, ticket: Ticket, who: str) -> None:
        self.play(self.story.close(self._who(who, ticket, ANSWER), ticket))

    def _reopen(self, ticket: Ticket, who: str) -> None:
        self.play(self.story.reopen(self._who(who, ticket, ANSWER), ticket))

    def _close_as(self, ticket: Ticket, user: str) -> None:
        self.play(self.story.close(self._user(user, ticket), ticket))

    def _reopen_as(self, ticket: Ticket, user: str) -> None:
        self.play(self.story.reopen(self._user(user, ticket), ticket))

    # --- who ----------------------------------------------------------------------------------------

    def _who(self, name: str, ticket: Ticket | None = None, right: str = READ) -> Anybody:
        """By name, or the 1st, 2nd, … of those who may."""
        if name not in draw.ABLE:
            return self.story.cast.callers[name]
        able = [one for one in self.stage.staff.values() if one.enabled and (ticket is None or one.may(right, ticket))]
        return _nth(able, name)

    def _holder(self, ticket: Ticket, block: str, who: str) -> Anybody:
        """Whoever holds the block, if not somebody by name."""
        if block != "none" and who in draw.ABLE and ticket.block:
            return ticket.block.holder
        return self._who(who, ticket, ANSWER)

    def _user(self, name: str, ticket: Ticket) -> Anybody:
        cast = self.story.cast
        if name not in draw.ABLE:
            return cast.callers[name]
        own: list[Anybody] = [one for one in cast.clients.values() if one.account is ticket.account]
        return _nth([*own, cast.acting] if ticket.account is cast.acting.client.account else own, name)


def _nth(some: Sequence[Anybody], name: str) -> Anybody:
    return some[draw.ABLE.index(name) % len(some)]


def _token(ticket: Ticket, block: str) -> int | None:
    return {"own": ticket.tokens, "old": ticket.tokens - 1, "none": None}[block]
