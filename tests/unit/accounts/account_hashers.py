"""Password hashers for tests."""

from typing import Literal

from argon2 import PasswordHasher


class QuickHasher(PasswordHasher):
    """argon2id at its cheapest; counts how many passwords it has verified."""

    def __init__(self, time_cost: int = 1) -> None:
        super().__init__(time_cost=time_cost, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - argon2's name
        self.verified += 1
        return super().verify(hash, password)
