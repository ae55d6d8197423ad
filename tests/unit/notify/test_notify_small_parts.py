"""Reply addresses, unsubscribe links, backoff, public addresses, and mail's headers."""

from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from libs.service.reply_tokens import LENGTH, ReplyTokens
from services.notify.domain.kinds import Kind
from services.notify.domain.mail import Answered, Letter, Sender, message
from services.notify.domain.retrying import LONGEST, pause
from services.notify.domain.wording import Words
from services.notify.mail.links import Links
from services.notify.webhooks.addresses import is_public

TOKENS = ReplyTokens(SecretStr("a secret of sixteen"))
LINKS = Links("https://panel.example/", SecretStr("a secret of sixteen"))


@given(ticket=st.uuids(), before=st.text(), after=st.text(), upper=st.booleans())
def test_a_reply_token_is_found_in_whatever_it_comes_back_in(
    ticket: UUID,
    before: str,
    after: str,
    upper: bool,  # noqa: FBT001
) -> None:
    token = TOKENS.make(ticket)
    assert len(token) == LENGTH
    text = f"{before}+{token.upper() if upper else token}@{after}"
    assert TOKENS.read(text) == ticket


@given(ticket=st.uuids(), place=st.integers(0, LENGTH - 1), letter=st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_token_that_was_changed_is_none(ticket: UUID, place: int, letter: str) -> None:
    token = TOKENS.make(ticket)
    changed = token[:place] + letter + token[place + 1 :]
    assert TOKENS.read(changed) == (ticket if changed == token else None)
    assert ReplyTokens(SecretStr("another secret, also long")).read(token) is None


def test_a_reply_address_fits_into_its_64_octets() -> None:
    name, address = parseaddr(TOKENS.address("Support Team <support@provider.example>", uuid4()))
    assert name == "Support Team"
    local, _, domain = address.rpartition("@")
    assert (len(local) <= 64, domain) == (True, "provider.example")


@given(person=st.uuids(), kind=st.sampled_from([Kind.CLOSED, Kind.BREACH]), other=st.text())
def test_only_links_that_were_made_here_unsubscribe(person: UUID, kind: Kind, other: str) -> None:
    token = LINKS.unsubscribe_token(person, kind)
    assert LINKS.unsubscribing(token) == (person, kind)
    assert LINKS.unsubscribing(other) is None
    assert Links("https://x", SecretStr("another secret, also long")).unsubscribing(token) is None


def test_nobody_unsubscribes_from_password_mails() -> None:
    assert LINKS.unsubscribing(LINKS.unsubscribe_token(uuid4(), Kind.PASSWORD_RESET)) is None


@given(attempts=st.integers(1, 10_000), random=st.floats(0, 1, exclude_max=True))
def test_retries_come_later_each_time_and_not_all_at_once(attempts: int, random: float) -> None:
    wait = pause(60, attempts, lambda: random)
    usual = min(timedelta(seconds=60) * 2 ** min(attempts - 1, 20), LONGEST)
    assert 0.75 * usual <= wait <= 1.25 * usual


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "127.8.8.8",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
        ),
        "0.0.0.0",  # noqa: S104 - to be refused
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:c0a8:101::", "2001:db8::1"),
    ],
)
def test_these_addresses_are_not_of_the_public_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_these_are(address: str) -> None:
    assert is_public(address)


def letter(**changed: object) -> Letter:
    usual: dict[str, object] = {
        "id": uuid4(),
        "at": datetime(2026, 1, 5, 9, tzinfo=UTC),
        "name": "Jane",
        "address": "jane@example.com",
        "language": "en",
        "words": Words("Subject", "Text"),
    }
    return Letter(**{**usual, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["Jane\r\nBcc: x@example.com", 'J "Q" Roe', "Яна Иванова", "", "a, b; c"])
def test_a_name_adds_no_header(name: str) -> None:
    made_ = message(letter(name=name), Sender("Helpdesk <h@provider.example>"))
    raw = made_.as_bytes()
    assert b"\nBcc" not in raw
    assert made_["To"].addresses[0].addr_spec == "jane@example.com"


@pytest.mark.parametrize("address", ["none", "a@b\r\nBcc: c@d", "a b@c", ""])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        message(letter(address=address), Sender("h@provider.example"))


def test_links_and_message_ids_stay_whole_in_headers_however_long_they_are() -> None:
    ticket, link = uuid4(), f"https://panel.example.com/{'a' * 200}"
    raw = message(letter(ticket=ticket, unsubscribe=link), Sender(f"h@{'long-' * 10}provider.example")).as_bytes()
    root = f"<ticket.{ticket}@{'long-' * 10}provider.example>"
    for line in (f"In-Reply-To: {root}", f"References: {root}", f"List-Unsubscribe: <{link}>"):
        assert line.encode() in raw.splitlines()


def test_an_answer_to_a_mail_says_that_a_machine_wrote_it_and_stands_in_its_thread() -> None:
    answers = Answered("c@x.example", ["a@x.example", "b@x.example"])
    made = message(letter(answers=answers), Sender("h@provider.example"))
    assert made["Auto-Submitted"] == "auto-replied"
    assert made["In-Reply-To"] == "<c@x.example>"
    assert made["References"] == "<a@x.example> <b@x.example> <c@x.example>"
    assert message(letter(), Sender("h@provider.example"))["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("named", [None, "", "a b@x", "a>\r\nBcc: <b@x.example", "ü@x.example", "a" * 600])
def test_an_answer_to_a_mail_without_a_usable_message_id_stands_in_no_thread(named: str | None) -> None:
    made = message(letter(answers=Answered(named, ["a@x.example"])), Sender("h@provider.example"))
    assert made["In-Reply-To"] is made["References"] is made["Bcc"] is None
    assert made["Auto-Submitted"] == "auto-replied"


def test_a_long_thread_is_referred_to_by_its_beginning_and_its_end() -> None:
    thread = Answered("last@x", [f"{number}@x" for number in range(100)]).thread
    assert (len(thread), thread[:2], thread[-2:]) == (20, ["0@x", "82@x"], ["99@x", "last@x"])


def test_active_content_does_not_get_into_the_html() -> None:
    words = Words("S", "<script>alert(1)</script> [x](javascript:alert(1)) ![i](https://tracker.example/a.png)")
    html = message(letter(words=words), Sender("h@provider.example")).get_body(("html",))
    assert html is not None
    content = html.get_content()
    assert "<script" not in content
    assert 'href="javascript' not in content
    assert "<img" not in content
