"""Who takes part in a ticket of the demo, and how they write."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from deploy.demo import script
from deploy.demo.customers import Customer, Person
from deploy.demo.papers import Paper, paper
from deploy.demo.provider import OWNER, Administrator, Category, Department, routed

_LETTERS = script.read("letters")
_HURRY_SHARE = 0.25


@dataclass(frozen=True)
class Written:
    text: str
    files: Sequence[Paper] = ()


Write = Callable[[str], Written]
"""Answers what is written next: by the `client`, by `staff` in public, or as a `note`."""


class Cast:
    """The people of one ticket, and the things they write about, which stay the same throughout.

    `department` and `agent` have the ticket at the moment; they change as it is passed on.
    """

    def __init__(self, random: Random, customer: Customer, category: Category, language: str, number: int) -> None:
        self.random = random
        self.customer = customer
        self.user: Person = random.choice(customer.writers)
        self.pass_to(routed(category, language))
        self._slots = {
            "client": self.user.name.split()[0],
            "domain": customer.domain,
            "mailbox": f"{random.choice(('info', 'office', 'orders', 'hello'))}@{customer.domain}",
            "host": f"{random.choice(('web', 'db', 'app', 'node'))}-{number:03}",  # the same in no two tickets
            "ip": f"203.0.113.{random.randrange(1, 255)}",
            "hour": f"{random.randrange(24):02}:{random.randrange(0, 60, 5):02}",
            "invoice": f"INV-{random.randrange(20_000, 99_999)}",
            "amount": f"{random.uniform(9, 400):.2f}",
            "plan": random.choice(("Business S", "Business L", "VPS 4", "VPS 16", "Root M")),
        }

    # --- people -------------------------------------------------------------------------------
    def pass_to(self, team: Department) -> None:
        self.department = team
        self.agent: Administrator = self.random.choice(team.workers)

    def pass_on(self) -> Administrator:
        """Give it to a colleague; answers whom."""
        self.agent = self.random.choice([one for one in self.department.workers if one != self.agent])
        return self.agent

    @property
    def superior(self) -> Administrator:
        """Somebody else who may do everything to the ticket."""
        head = self.department.head
        return OWNER if head == self.agent else head

    # --- what they write ----------------------------------------------------------------------
    def filled(self, text: str) -> str:
        return text.format_map({**self._slots, "staff": self.agent.name.split()[0]})

    def writer(self, talk: Mapping[str, Any], language: str, *, is_staff_first: bool = False) -> Write:
        """What a conversation's people write, in turns, and when it has no more lines, something that always fits."""
        letters, messages = _LETTERS[language], talk.get("messages", [])
        first, second = ("staff", "client") if is_staff_first else ("client", "staff")
        said = {first: messages[::2], second: messages[1::2]}
        texts = {
            "client": self._in_turn(self._by_client, letters, (*said["client"], *letters["more_by_client"])),
            "staff": self._in_turn(self._by_staff, letters, (*said["staff"], *letters["more_by_staff"])),
            "note": iter([self._written(talk.get("note") or self.random.choice(_LETTERS["notes"]))]),
        }
        return lambda kind: next(texts[kind])

    def rating(self, language: str) -> dict[str, Any]:
        """As the API takes it; most are good."""
        stars = self.random.choice([each for each in _LETTERS[language]["ratings"] for _ in range(int(each))])
        comment = self.random.choice(_LETTERS[language]["ratings"][stars])
        return {"rating": int(stars), "comment": comment or None}

    def _in_turn(
        self, letter: Callable[..., str], letters: Mapping[str, Any], messages: Sequence[Any]
    ) -> Iterator[Written]:
        for message in messages:
            yield self._written(message, lambda text: letter(letters, text))

    def _written(self, message: str | Mapping[str, Any], letter: Callable[[str], str] = str) -> Written:
        """From a message of the script: a text, or a text with the kinds of papers that come with it."""
        text, kinds = (message, ()) if isinstance(message, str) else (message["text"], message["files"])
        return Written(self.filled(letter(text)), self.papers(kinds))

    def papers(self, kinds: Sequence[str]) -> list[Paper]:
        return [paper(kind, self._slots, self.random) for kind in kinds]

    def _by_client(self, letters: Mapping[str, Any], text: str) -> str:
        greeting, parting = self.random.choice(letters["greetings"]), self.random.choice(letters["partings"])
        return self._letter(greeting, text, parting, self.user.name)

    def _by_staff(self, letters: Mapping[str, Any], text: str) -> str:
        return self._letter(letters["staff_greets"], text, self.random.choice(letters["staff_parts"]), self.agent.name)

    def _letter(self, greeting: str, text: str, parting: str, name: str) -> str:
        is_in_a_hurry = self.random.random() < _HURRY_SHARE
        return "\n\n".join([text] if is_in_a_hurry else [greeting, text, f"{parting}\n{name}"])
