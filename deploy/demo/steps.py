"""What is done on a ticket of the demo after it was submitted, step by step. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.demo import script
from deploy.demo.papers import Paper
from deploy.demo.provider import CATEGORIES, PROJECTS, category, department, routed
from deploy.demo.writing import Cast, Write, Written

WORDS: Sequence[str] = script.read("day")["tags"]
"""What the staff tags tickets with."""

_URGENCIES = ("high", "medium", "low")


@dataclass(frozen=True)
class Step:
    """Something that `by` (an e-mail address) does. `what` are further facts, people and things by their names."""

    kind: str
    by: str
    text: str = ""
    files: Sequence[Paper] = ()
    what: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Acts:
    """Makes the steps of one ticket. `to` is where it is passed to, if the script says so."""

    cast: Cast
    write: Write
    language: str
    to: str | None = None

    def steps(self, way: str) -> list[Step]:
        """Follow a way of the script: words, each a step."""
        return [self._step(word) for word in way.split()]

    def _step(self, word: str) -> Step:
        if make := _MAKERS.get(word):
            return make(self)
        return Step(word, self.cast.agent.email)

    # --- by the client ------------------------------------------------------------------------
    def open(self) -> Step:
        return Step("read", self.cast.user.email)

    def reply(self) -> Step:
        return self._written("reply", self.cast.user.email, self.write("client"))

    def rate(self) -> Step:
        return Step("rate", self.cast.user.email, what=self.cast.rating(self.language))

    def close_by_client(self) -> Step:
        return Step("close", self.cast.user.email)

    def reopen_by_client(self) -> Step:
        return Step("reopen", self.cast.user.email)

    # --- by the staff -------------------------------------------------------------------------
    def note(self) -> Step:
        return self._written("note", self.cast.agent.email, self.write("note"))

    def answer(self) -> Step:
        return self._written("answer", self.cast.agent.email, self.write("staff"))

    def answer_and_close(self) -> Step:
        return self._written("answer-and-close", self.cast.agent.email, self.write("staff"))

    def draft(self) -> Step:
        """As far as they have come with their answer."""
        text = self.write("staff").text
        return Step("draft", self.cast.agent.email, text[: len(text) // 2])

    def delete(self) -> Step:
        return Step("delete", self.cast.superior.email)

    def unblock(self) -> Step:
        return Step("unblock", self.cast.superior.email)

    def assign(self) -> Step:
        by = self.cast.agent.email
        return Step("assign", by, what={"responsible": self.cast.pass_on().email})

    def transfer(self) -> Step:
        by = self.cast.agent.email
        team = department(self.to or self.cast.random.choice(self.cast.department.passes_to))
        self.cast.pass_to(team)
        return Step("transfer", by, what={"department": team.name})

    def tag(self) -> Step:
        return self._edit()

    def rename(self) -> Step:
        """Say what it is about, and how urgent that is after all."""
        urgency = self.cast.random.choice(_URGENCIES)
        return self._edit(subject=self.cast.filled("{domain}: several questions in one"), urgency=urgency)

    def rebrand(self) -> Step:
        others = [one for one in PROJECTS if one != self.cast.customer.project]
        return self._edit(project=self.cast.random.choice(others))

    def recategorise(self) -> Step:
        """Another subject, and so another department."""
        open_ = [one for one in CATEGORIES if self.cast.customer.may_choose(one)]
        others = [one for one in open_ if one.department in self.cast.department.passes_to]
        about = category(self.to) if self.to else self.cast.random.choice(others)
        step = self._edit(category=about.name)
        self.cast.pass_to(routed(about, self.language))
        return step

    def _edit(self, **what: Any) -> Step:
        tags = sorted(self.cast.random.sample(WORDS, self.cast.random.choice((1, 1, 2))))
        return Step("edit", self.cast.agent.email, what={"tags": tags, **what})

    def _written(self, kind: str, by: str, written: Written) -> Step:
        return Step(kind, by, written.text, written.files)


_MAKERS: Mapping[str, Callable[[Acts], Step]] = {
    "open": Acts.open,
    "reply": Acts.reply,
    "rate": Acts.rate,
    "close-by-client": Acts.close_by_client,
    "reopen-by-client": Acts.reopen_by_client,
    "note": Acts.note,
    "answer": Acts.answer,
    "answer-and-close": Acts.answer_and_close,
    "draft": Acts.draft,
    "delete": Acts.delete,
    "unblock": Acts.unblock,
    "assign": Acts.assign,
    "transfer": Acts.transfer,
    "tag": Acts.tag,
    "rename": Acts.rename,
    "rebrand": Acts.rebrand,
    "recategorise": Acts.recategorise,
}
"""By their words in the script; what is not here is what its word says, done by whoever has the ticket."""
