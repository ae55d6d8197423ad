"""What a refresh token is, and what one that is presented means for its session."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pydantic import SecretStr

from services.accounts import refresh_tokens
from services.accounts.domain.sessions import Chain, Lifetimes, Verdict, judge

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
GRACE = timedelta(seconds=10)
SESSION = UUID("01980000-0000-7000-8000-00000000b001")

BEFORE, OLD, NEW = b"a" * 32, b"b" * 32, b"c" * 32
ROTATED = Chain(NEW, OLD, NOW)


def test_a_token_is_read_as_it_was_written() -> None:
    token = refresh_tokens.first(SESSION)
    assert refresh_tokens.parse(SecretStr(token.text)) == token
    assert len(token.text) <= refresh_tokens.LONGEST


@pytest.mark.parametrize("text", ["", "hdr_", "hdk_0_0", refresh_tokens.first(SESSION).text[:-1]])
def test_what_does_not_look_like_a_token_is_none(text: str) -> None:
    assert refresh_tokens.parse(SecretStr(text)) is None


def test_a_successor_is_another_token_of_the_same_family_and_depends_on_the_salt() -> None:
    token, salt = refresh_tokens.first(SESSION), refresh_tokens.new_salt()
    successor = token.successor(salt)
    assert refresh_tokens.parse(SecretStr(successor.text)) == successor == token.successor(salt)
    assert successor.family_hash == token.family_hash
    assert successor.secret_hash not in {token.secret_hash, token.successor(refresh_tokens.new_salt()).secret_hash}


def test_nobody_who_knows_the_session_only_can_make_a_token_of_its_family() -> None:
    assert refresh_tokens.first(SESSION).family_hash != refresh_tokens.first(SESSION).family_hash


def test_a_first_token_is_current() -> None:
    assert judge(Chain(NEW), NEW, NOW, GRACE) is Verdict.CURRENT
    assert judge(Chain(NEW), OLD, NOW, GRACE) is Verdict.REUSED


def test_a_replaced_token_is_answered_again_within_the_grace_only() -> None:
    assert judge(ROTATED, OLD, NOW + GRACE, GRACE) is Verdict.LOST
    assert judge(ROTATED, OLD, NOW + GRACE + timedelta(microseconds=1), GRACE) is Verdict.REUSED


def test_a_replaced_token_is_answered_again_once() -> None:
    assert judge(Chain(NEW, OLD, NOW, repeated=True), OLD, NOW, GRACE) is Verdict.TWICE


def test_a_token_from_before_the_replaced_one_was_stolen() -> None:
    assert judge(ROTATED, BEFORE, NOW, GRACE) is Verdict.REUSED


def test_without_grace_a_used_token_is_never_answered_again() -> None:
    assert judge(ROTATED, OLD, NOW + timedelta(microseconds=1), timedelta(0)) is Verdict.REUSED


LIFETIMES = Lifetimes(timedelta(hours=1), timedelta(hours=12), timedelta(days=7), GRACE)


def test_no_session_and_no_token_outlives_the_session_s_end() -> None:
    ends_at = NOW + timedelta(minutes=30)
    assert LIFETIMES.good_until(NOW, ends_at) == ends_at
    assert LIFETIMES.tokens_until(NOW, ends_at) == ends_at


def test_an_access_token_does_not_outlive_an_idle_session() -> None:
    shortly_idle = Lifetimes(timedelta(hours=1), timedelta(minutes=5), timedelta(days=7), GRACE)
    good_until = shortly_idle.good_until(NOW, NOW + timedelta(days=7))
    assert shortly_idle.tokens_until(NOW, good_until) == NOW + timedelta(minutes=5)
