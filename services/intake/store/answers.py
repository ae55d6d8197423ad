"""Which messages are public answers: the log knows, so that a ticket's state need not, however many there are."""

from uuid import UUID

from libs.events.log import Executor


async def is_answer(executor: Executor, ticket: UUID, message: UUID) -> bool:
    found: bool = await executor.fetchval(_IS_ANSWER, ticket, str(message))
    return found


# An answer stays one, so that there is no need to look again if the ticket changes meanwhile.
_IS_ANSWER = """
select exists (select from log
                where entity = $1 and type = 'ticket.answered.v1' and envelope #>> '{data,message_id}' = $2)
"""
