"""What a system's key looks like, and what it opens."""

from uuid import UUID

import pytest
from pydantic import SecretStr

from services.accounts.api_keys import make, parse

ID = UUID("01980000-0000-7000-8000-00000000a001")


def test_a_key_is_read_back_and_opens_its_own_hash() -> None:
    made = make(ID)
    read = parse(SecretStr(made.text))
    assert read is not None
    assert read.id == ID
    assert read.opens(made.secret_hash)


def test_a_key_opens_no_other_hash_and_none_at_all() -> None:
    assert not make(ID).opens(make(ID).secret_hash)
    assert not make(ID).opens(None)


def test_the_secret_has_no_less_than_256_random_bits() -> None:
    assert len(make(ID).secret.get_secret_value()) * 6 >= 256
    assert make(ID).text != make(ID).text


@pytest.mark.parametrize("change", [str.upper, lambda key: key[:-1], lambda key: f"{key}=", lambda key: key[4:]])
def test_what_does_not_look_like_a_key_is_none(change: type[str]) -> None:
    assert parse(SecretStr(change(make(ID).text))) is None


def test_a_key_does_not_show_in_its_representation() -> None:
    made = make(ID)
    assert made.secret.get_secret_value() not in repr(made)
