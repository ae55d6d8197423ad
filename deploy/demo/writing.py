"""Who takes part in a ticket of the demo, and how they write."""

from collections.abc import Callable, Iterator, Sequence
from random import Random

from deploy.demo.company import Category, department
from deploy.demo.customers import Customer, Person

_GREETINGS = ("Hello,", "Hi,", "Good morning,", "Good afternoon,", "Dear support team,", "Hello everybody,")
_PARTINGS = ("Best regards,", "Thanks,", "Kind regards,", "Many thanks in advance,", "Regards,")
_PARTINGS_OF_STAFF = ("Best regards,", "Kind regards,", "Have a good day,")
_MORE_BY_CLIENT = (
    "Is there any news on this?",
    "It happened again a few minutes ago.",
    "One more thing: the same goes for our second site.",
)
_MORE_BY_STAFF = (
    "We are on it, and I will write again within the hour.",
    "Thank you, that helps. I have passed it on to a colleague who knows that system.",
    "This should be solved now. Please write again if it is not.",
)
_NOTES = ("Called them, nobody there. Try again tomorrow.", "Same as two other customers on that node, see the wiki.")
_HURRY_SHARE = 0.25


class Cast:
    """The people of one ticket and the things they write about, which stay the same throughout."""

    def __init__(self, random: Random, customer: Customer, category: Category, number: int) -> None:
        self._random = random
        self.user: Person = random.choice(customer.users)
        self.administrator = random.choice(department(category.department).members)
        self._slots = {
            "client": self.user.name.split()[0],
            "staff": self.administrator.split()[0],
            "domain": customer.domain,
            "mailbox": f"{random.choice(('info', 'office', 'orders', 'hello'))}@{customer.domain}",
            "host": f"{random.choice(('web', 'db', 'app', 'node'))}-{number:03}",  # the same in no two tickets
            "ip": f"203.0.113.{random.randrange(1, 255)}",
            "hour": f"{random.randrange(24):02}:{random.randrange(0, 60, 5):02}",
            "invoice": f"INV-{random.randrange(20_000, 99_999)}",
            "amount": f"{random.uniform(9, 400):.2f}",
            "plan": random.choice(("Business S", "Business L", "VPS 4", "VPS 16", "Root M")),
        }

    def filled(self, text: str) -> str:
        return text.format_map(self._slots)

    def by_client(self, text: str) -> str:
        return self._letter(self._random.choice(_GREETINGS), text, self._random.choice(_PARTINGS), self.user.name)

    def by_staff(self, text: str) -> str:
        parting = self._random.choice(_PARTINGS_OF_STAFF)
        return self._letter(f"Hello {self._slots['client']},", text, parting, self.administrator)

    def writer(self, messages: Sequence[str], note: str | None) -> Callable[[str], str]:
        """Answer what writes the next text of a kind (`client`, `staff` or `note`), the first one being the ticket's."""
        texts = {
            "client": self._then(map(self.by_client, messages[::2]), map(self.by_client, _MORE_BY_CLIENT)),
            "staff": self._then(map(self.by_staff, messages[1::2]), map(self.by_staff, _MORE_BY_STAFF)),
            "note": iter([self.filled(note or self._random.choice(_NOTES))]),
        }
        return lambda kind: next(texts[kind])

    def _then(self, first: Iterator[str], more: Iterator[str]) -> Iterator[str]:
        yield from first
        yield from more

    def _letter(self, greeting: str, text: str, parting: str, name: str) -> str:
        is_in_a_hurry = self._random.random() < _HURRY_SHARE
        lines = [text] if is_in_a_hurry else [greeting, text, f"{parting}\n{name}"]
        return self.filled("\n\n".join(lines))
