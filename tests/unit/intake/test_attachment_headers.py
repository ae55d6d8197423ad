"""Names and parts of files in HTTP headers, and links."""

from datetime import timedelta
from email.message import Message
from urllib.parse import quote, unquote
from uuid import UUID, uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from libs.service.caller import Caller
from libs.service.clock import ManualClock
from libs.service.problems import Unauthenticated
from services.intake.attachments.domain import clean_name
from services.intake.attachments.links import Link, Links
from services.intake.attachments.problems import RangeRefused
from services.intake.attachments.serving import Part, asked_part, disposition_of, named_in

# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="a b.txt"', "a b.txt"),
        ("attachment; filename=plain.txt", "plain.txt"),
        ('form-data; name="file"; filename="x.png"', "x.png"),
        ('attachment; filename="a\\"b.txt"', 'a"b.txt'),
        ("attachment; filename=\"EURO.txt\"; filename*=UTF-8''%e2%82%ac%20rates.txt", "\u20ac rates.txt"),
        ("attachment; filename*=utf-8'en'na%C3%AFve.txt; filename=naive.txt", "na\u00efve.txt"),
        ("attachment; filename*=ISO-8859-1''na%EFve.txt", "na\u00efve.txt"),
        ("attachment; filename*=UTF-8''..%2f..%2fetc%2fpasswd", "passwd"),
        ("attachment; filename*=UTF-8''%ff%fe", ""),
        ("attachment", ""),
        ("", ""),
    ],
)
def test_a_name_is_read_as_rfc_6266_has_it(header: str, name: str) -> None:
    assert named_in(header) == name


@given(st.text(max_size=80))
def test_every_name_survives_the_way_there_and_back(given: str) -> None:
    name = clean_name(given)
    assume(name)
    assert named_in(f"attachment; filename*=UTF-8''{quote(name, safe='')}") == name
    told = disposition_of("text/plain", name)
    assert told.isascii()
    assert told.isprintable()
    assert unquote(told.partition("filename*=UTF-8''")[2]) == name
    assert named_in(told) == name


def test_the_plain_name_is_safe_for_readers_that_know_no_other() -> None:
    parsed = Message()
    parsed["Content-Disposition"] = disposition_of("text/plain", 'a"; filename="evil.exe').partition("; filename*")[0]
    assert parsed.get_filename() == "a_; filename=_evil.exe"


# --- parts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", Part(0, 1)),
        ("bytes=2-5", Part(2, 6)),
        ("bytes=2-", Part(2, 10)),
        ("bytes=-3", Part(7, 10)),
        ("bytes=-30", Part(0, 10)),
        ("bytes=5-99", Part(5, 10)),
        (None, None),
        ("bytes=5-2", None),
        ("bytes=0-1,4-5", None),
        ("lines=0-1", None),
        ("bytes=-", None),
        ("bytes=\u0661-", None),
        ("bytes=" + "9" * 30 + "-", None),
    ],
)
def test_one_part_is_served_and_what_is_no_such_wish_is_ignored(header: str | None, part: Part | None) -> None:
    assert asked_part(header, 10) == part


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused_with_the_size(header: str) -> None:
    with pytest.raises(RangeRefused) as refused:
        asked_part(header, 10)
    assert refused.value.headers["Content-Range"] == "bytes */10"


# --- links ----------------------------------------------------------------------------------------

TICKET, FILE = uuid4(), uuid4()
JANE = Caller(kind="client", id=str(uuid4()), account_id=uuid4(), acting=str(uuid4()))


def links(clock: ManualClock, key: str = "the key that services share") -> Links:
    return Links(key, clock, 120)


def token(link: Link) -> str:
    return link.url.partition("link=")[2]


def test_a_link_reads_as_whom_it_was_made_for_until_it_ends() -> None:
    clock = ManualClock()
    link = links(clock).make("/x", JANE, TICKET, FILE)
    assert link.expires_at == clock.now() + timedelta(seconds=120)
    clock.advance(119)
    assert links(clock).reader(token(link), TICKET, FILE) == JANE
    clock.advance(1)
    with pytest.raises(Unauthenticated):
        links(clock).reader(token(link), TICKET, FILE)


@pytest.mark.parametrize(("ticket", "file"), [(uuid4(), FILE), (TICKET, uuid4())])
def test_a_link_opens_no_other_file(ticket: UUID, file: UUID) -> None:
    clock = ManualClock()
    with pytest.raises(Unauthenticated):
        links(clock).reader(token(links(clock).make("/x", JANE, TICKET, FILE)), ticket, file)


def test_a_link_of_another_installation_or_with_another_content_is_none() -> None:
    clock = ManualClock()
    good = token(links(clock).make("/x", JANE, TICKET, FILE))
    other = token(links(clock, "another key of another desk").make("/x", JANE, TICKET, FILE))
    head, _, signature = good.split(".")
    forged = ".".join((head, other.split(".")[1][:-4] + "AAAA", signature))
    for bad in (other, forged, good[:-1], "x", ""):
        with pytest.raises(Unauthenticated):
            links(clock).reader(bad, TICKET, FILE)
