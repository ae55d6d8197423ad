import pytest
from pydantic import SecretStr

from libs.service.secret_box import NotOurs, SecretBox

KEY = SecretStr("a secret of sixteen")
PASSWORD = SecretStr("correct horse battery")


def test_what_is_sealed_cannot_be_read_and_opens_again() -> None:
    box = SecretBox(KEY, "mailboxes")
    sealed = box.seal(PASSWORD)
    assert PASSWORD.get_secret_value().encode() not in sealed
    assert box.open(sealed) == PASSWORD


@pytest.mark.parametrize("other", [SecretBox(SecretStr("another of sixteen"), "mailboxes"), SecretBox(KEY, "webhooks")])
def test_it_opens_by_the_same_key_and_for_the_same_purpose_alone(other: SecretBox) -> None:
    with pytest.raises(NotOurs):
        other.open(SecretBox(KEY, "mailboxes").seal(PASSWORD))
