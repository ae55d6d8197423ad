"""Passwords: kept as hashes, checked alike for known and unknown people, so many at once."""

import asyncio
import threading
from typing import Any

import pytest
from pydantic import SecretStr, TypeAdapter, ValidationError

from services.accounts.passwords import NewPassword, Passwords
from tests.unit.accounts.account_hashers import QuickHasher

NEW: TypeAdapter[SecretStr] = TypeAdapter(NewPassword)
HORSE = SecretStr("correct horse battery")


async def test_only_the_same_password_matches() -> None:
    passwords = Passwords(QuickHasher(), at_once=2)
    known = await passwords.hash(HORSE)
    assert await passwords.matches(known, HORSE)
    assert not await passwords.matches(known, SecretStr("incorrect horse"))


async def test_a_password_typed_on_another_keyboard_is_the_same() -> None:
    passwords = Passwords(QuickHasher(), at_once=2)
    known = await passwords.hash(SecretStr("zo\u00eb zo\u00eb zo\u00eb"))
    assert await passwords.matches(known, SecretStr("zoe\u0308 zoe\u0308 zoe\u0308"))


async def test_without_a_hash_as_much_is_verified_as_with_one() -> None:
    hasher = QuickHasher()
    passwords = Passwords(hasher, at_once=2)
    assert not await passwords.matches(None, HORSE)
    assert hasher.verified == 1


async def test_a_hash_made_with_other_settings_is_outdated() -> None:
    known = await Passwords(QuickHasher(), at_once=1).hash(HORSE)
    assert not Passwords(QuickHasher(), at_once=1).is_outdated(known)
    assert Passwords(QuickHasher(time_cost=2), at_once=1).is_outdated(known)


class Gate(QuickHasher):
    """Holds whoever verifies until it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = threading.Semaphore(0)
        self.open = threading.Event()
        self.running = 0
        self.most = 0
        self._lock = threading.Lock()

    def verify(self, *arguments: Any) -> Any:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self.inside.release()
        assert self.open.wait(30)
        with self._lock:
            self.running -= 1
        return super().verify(*arguments)


async def test_no_more_passwords_are_checked_at_once_than_allowed() -> None:
    gate = Gate()
    passwords = Passwords(gate, at_once=2)
    checks = [asyncio.ensure_future(passwords.matches(None, HORSE)) for _ in range(6)]
    for _ in range(2):
        assert await asyncio.to_thread(gate.inside.acquire, timeout=30)
    gate.open.set()
    assert await asyncio.gather(*checks) == [False] * 6
    assert gate.most == 2


@pytest.mark.parametrize("text", ["short-one", "x" * 201, "nul in \0 the middle", "half of \ud800 a pair"])
def test_passwords_have_a_length_and_nothing_unstorable(text: str) -> None:
    with pytest.raises(ValidationError):
        NEW.validate_python(text)


@pytest.mark.parametrize("text", ["aaaaaaaaaa", "1234567890", "x" * 200, "十文字でもいいですよねえ"])
def test_nothing_else_is_asked_of_a_password(text: str) -> None:
    assert NEW.validate_python(text).get_secret_value() == text
