"""Instants as integer microseconds since 1970, the unit in which all counting is exact."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
DAY = 86_400 * SECOND


def to_micros(at: datetime) -> int:
    """Microseconds since the epoch of an aware datetime; a naive one is a TypeError."""
    return (at - EPOCH) // MICROSECOND


def to_instant(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


# All arithmetic stays between these two, so that nothing searches without a bound, and every
# figure stays exact where JSON numbers are doubles (2**53 microseconds end in 2255).
BEGINNING = to_micros(datetime(1900, 1, 1, tzinfo=UTC))
FOREVER = to_micros(datetime(2100, 1, 1, tzinfo=UTC))
