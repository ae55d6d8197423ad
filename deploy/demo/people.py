"""Whom to sign in as, to see what the demo shows."""

from collections import Counter
from collections.abc import Iterator, Sequence

from deploy.demo.customers import Customer
from deploy.demo.provider import ADMINISTRATORS, DEPARTMENTS, Administrator
from deploy.demo.stories import Story

_CLIENTS = 3


def who_is_who(customers: Sequence[Customer], stories: Sequence[Story]) -> Iterator[tuple[str, str]]:
    """Addresses, and who that is: of each role and of those with single rights one, then the busiest clients."""
    kinds = {(one.role, tuple(one.rights), _is_head(one)): one for one in reversed(ADMINISTRATORS) if one.enabled}
    for one in reversed(kinds.values()):
        yield one.email, f"{one.name}, {_described(one)}"
    busy = Counter(story.user for story in stories).most_common(_CLIENTS)
    for user, count in busy:
        account = next(one for one in customers if user in one.users)
        yield user.email, f"{user.name} of {account.name}, a client ({count} tickets)"


def _is_head(one: Administrator) -> bool:
    return any(department.head == one for department in DEPARTMENTS)


def _described(one: Administrator) -> str:
    heads = [f"head of {department.name}" for department in DEPARTMENTS if department.head == one]
    rights = [f"who may {right} besides" for right in one.rights]
    teams = [f"in {department.name}" for department in DEPARTMENTS if one.name in department.members and not heads]
    return ", ".join([one.role, *heads, *teams[:1], *rights])
