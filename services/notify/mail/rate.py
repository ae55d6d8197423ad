"""How many mails may go in a minute."""

from collections import deque
from datetime import datetime, timedelta

_MINUTE = timedelta(minutes=1)


class Rate:
    """Counts what was used in the last minute, in this process."""

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        self._used: deque[tuple[datetime, int]] = deque()

    def allowed(self, now: datetime) -> int:
        while self._used and self._used[0][0] <= now - _MINUTE:
            self._used.popleft()
        return self._most - sum(count for _, count in self._used)

    def used(self, now: datetime, count: int) -> None:
        if count:
            self._used.append((now, count))
