"""A consumer that moves its checkpoint after the effect, in a transaction of its own: a crash between the two repeats it."""

from libs.events import projection
from libs.events.applier import Applier
from libs.events.source import Batch
from tests.faults.broken import put


async def _put_off(*_: object) -> None: ...


def install() -> None:
    advance, apply = projection.advance, Applier._apply
    put(projection, "advance", _put_off)

    async def apply_then_advance(self: Applier, batch: Batch) -> None:
        await apply(self, batch)
        async with self._transaction() as connection:
            await advance(connection, batch.service, batch.before, batch.after)

    put(Applier, "_apply", apply_then_advance)
