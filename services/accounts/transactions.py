"""One at a time, where two replicas would otherwise do a thing twice."""

from libs.events.log import Executor


async def alone(executor: Executor, what: str) -> None:
    """Wait until no other transaction does this; it holds until the transaction ends."""
    await executor.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"accounts:{what}")
