"""When a signing key signs, and when it may go."""

from datetime import UTC, datetime, timedelta

from services.accounts.domain.sessions import LONGEST_TOKEN, MARGIN
from services.accounts.domain.signing_keys import Rotation, SigningKey, retires_at, signer, useless, waiting

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OLD = SigningKey("old", NOW - 100 * DAY, NOW - 100 * DAY)
NEW = SigningKey("new", NOW, NOW + HOUR)
KEYS = [OLD, NEW]


def test_a_new_key_is_known_before_it_signs() -> None:
    assert waiting(KEYS, NOW) == NEW
    assert signer(KEYS, NOW + HOUR - timedelta(microseconds=1)) == OLD


def test_a_new_key_signs_once_everybody_knows_it() -> None:
    assert signer(KEYS, NOW + HOUR) == NEW
    assert waiting(KEYS, NOW + HOUR) is None


def test_an_old_key_stays_until_none_of_its_tokens_can_be_good() -> None:
    last_token_expires = NOW + HOUR + LONGEST_TOKEN
    assert retires_at(KEYS, OLD) == last_token_expires + MARGIN
    assert useless(KEYS, last_token_expires) == []
    assert useless(KEYS, last_token_expires + MARGIN) == [OLD]


def test_the_only_key_stays_however_old() -> None:
    assert retires_at([OLD], OLD) is None
    assert useless([OLD], NOW + 10000 * DAY) == []


def test_a_clock_that_is_behind_signs_all_the_same() -> None:
    assert signer([OLD], NOW - 1000 * DAY) == OLD


def test_age_calls_for_a_successor_and_only_once() -> None:
    rotation = Rotation(HOUR, 90 * DAY)
    assert rotation.is_due([OLD], NOW)
    assert not rotation.is_due(KEYS, NOW)
    assert not Rotation(HOUR, None).is_due([OLD], NOW)
