"""Half-open segments on a line, start in and end out."""

from collections.abc import Iterable, Iterator

Segment = tuple[int, int]


def merged(segments: Iterable[Segment]) -> list[Segment]:
    """Sorted segments, those joined that touch or overlap, without those that are empty."""
    apart: list[Segment] = []
    for start, end in segments:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(apart[-1][1], end))
        elif start < end:
            apart.append((start, end))
    return apart


def clipped(segments: Iterable[Segment], since: int, until: int) -> Iterator[Segment]:
    """What of them lies between `since` and `until`."""
    for start, end in segments:
        opens, closes = max(start, since), min(end, until)
        if opens < closes:
            yield opens, closes
