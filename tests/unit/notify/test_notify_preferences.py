"""When somebody is told: quiet hours and digests on their own clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.notify.domain.kinds import ALWAYS, CHOICES, Kind
from services.notify.domain.preferences import Choice, Preferences, QuietHours

NIGHT = QuietHours(since="22:00", until="07:00")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "sent"),
    [
        ("2026-01-05T20:59", "2026-01-05T20:59"),  # 21:59 in Berlin
        ("2026-01-05T21:00", "2026-01-06T06:00"),  # 22:00: quiet from its first instant on
        ("2026-01-05T23:30", "2026-01-06T06:00"),  # after midnight there
        ("2026-01-06T05:59", "2026-01-06T06:00"),
        ("2026-01-06T06:00", "2026-01-06T06:00"),
        ("2026-03-28T22:00", "2026-03-29T05:00"),  # the night in which an hour is missing
        ("2026-10-24T22:00", "2026-10-25T06:00"),  # and the one that has an hour more
    ],
)
def test_quiet_hours_go_over_midnight_and_with_the_clock(now: str, sent: str) -> None:
    chosen = Preferences(quiet_hours=NIGHT, time_zone="Europe/Berlin")
    assert chosen.send_at(Kind.ANSWERED, at(now)) == at(sent)


def test_an_end_that_the_clock_skips_is_the_instant_of_the_change() -> None:
    chosen = Preferences(quiet_hours=QuietHours(since="01:00", until="02:30"), time_zone="Europe/Berlin")
    assert chosen.send_at(Kind.ANSWERED, at("2026-03-29T00:30")) == at("2026-03-29T01:00")


def test_an_end_that_comes_twice_is_the_last_one() -> None:
    chosen = Preferences(quiet_hours=QuietHours(since="01:00", until="02:30"), time_zone="Europe/Berlin")
    assert chosen.send_at(Kind.ANSWERED, at("2026-10-25T00:45")) == at("2026-10-25T01:30")


def test_quiet_hours_that_end_as_they_begin_are_none() -> None:
    chosen = Preferences(quiet_hours=QuietHours(since="08:00", until="08:00"))
    assert chosen.send_at(Kind.ANSWERED, at("2026-01-05T08:00")) == at("2026-01-05T08:00")


def test_a_digest_comes_at_its_time_of_day_and_not_in_the_quiet_hours() -> None:
    digest = Preferences(events={Kind.NEW_TICKET: Choice.DIGEST}, digest_at="08:00", time_zone="Europe/Berlin")
    assert digest.send_at(Kind.NEW_TICKET, at("2026-01-05T06:59")) == at("2026-01-05T07:00")
    assert digest.send_at(Kind.NEW_TICKET, at("2026-01-05T07:00")) == at("2026-01-06T07:00")
    early = digest.model_copy(update={"digest_at": "06:00", "quiet_hours": NIGHT})
    assert early.send_at(Kind.NEW_TICKET, at("2026-01-05T12:00")) == at("2026-01-06T06:00")


@pytest.mark.parametrize("kind", sorted(ALWAYS))
def test_a_password_mail_waits_for_nothing(kind: Kind) -> None:
    chosen = Preferences(quiet_hours=NIGHT)
    assert chosen.send_at(kind, at("2026-01-05T23:00")) == at("2026-01-05T23:00")
    with pytest.raises(ValidationError, match="Nobody chooses"):
        Preferences(events={kind: Choice.OFF})


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", ""])
def test_a_zone_must_exist(zone: str) -> None:
    with pytest.raises(ValidationError, match="no IANA time zone"):
        Preferences(time_zone=zone)


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda one: one.replace(tzinfo=UTC)),  # noqa: DTZ001
    since=st.times().map("{:%H:%M}".format),
    until=st.times().map("{:%H:%M}".format),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia"]),
    kind=st.sampled_from(sorted(CHOICES)),
    choice=st.sampled_from([Choice.MAIL, Choice.DIGEST]),
)
def test_nobody_waits_for_ever_and_what_is_sent_is_not_sent_in_the_quiet_hours(
    now: datetime, since: str, until: str, zone: str, kind: Kind, choice: Choice
) -> None:
    chosen = Preferences(events={kind: choice}, quiet_hours=QuietHours(since=since, until=until), time_zone=zone)
    due = chosen.send_at(kind, now)
    assert now <= due <= now + timedelta(hours=75)
    assert chosen.after_quiet(kind, due) == due
