"""Judging tickets: load what is known, let the domain decide, write down what is new. The same for every occasion."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from libs.events.envelope import Cause
from libs.events.log import Change, Key, Log, NewEvent
from libs.events.projection import Connection
from services.routing.domain import judgement
from services.routing.domain.circumstances import Circumstances
from services.routing.domain.duty import Candidate, eligible
from services.routing.domain.judgement import Case
from services.routing.domain.kinds import TICKET
from services.routing.domain.organisation import Organisation
from services.routing.domain.submission import Routed
from services.routing.store import cases, duty
from services.routing.store.cases import KnownTicket, OpenCase
from services.routing.store.organisation import OrganisationCache

CHUNK = 50
"""Tickets judged at one instant: so few that the log is not declared complete past it meanwhile."""


class Reason(Protocol):
    """Why a ticket is judged; with one key it is judged once."""

    @property
    def cause(self) -> Cause: ...

    def key(self, ticket_id: UUID) -> str: ...


class Judge:
    def __init__(self, log: Log) -> None:
        self._log = log
        self._cache = OrganisationCache()

    async def organisation(self, connection: Connection) -> Organisation:
        return await self._cache.current(connection)

    async def judge(self, connection: Connection, reasons: Mapping[UUID, Reason]) -> int | None:
        """Judge tickets in the caller's transaction; the position of the last event that was appended."""
        return max((await self.judge_each(connection, reasons)).values(), default=None)

    async def judge_each(
        self, connection: Connection, reasons: Mapping[UUID, Reason], *, is_again: bool = False
    ) -> dict[UUID, int]:
        """Judge tickets in the caller's transaction; the position of the last event on each that something was decided on.

        `is_again`: by the rules of today, though they have been judged.
        """
        if not reasons:
            return {}
        present, decided, ids = await self._cache.current(connection), dict[UUID, int](), sorted(reasons)
        for start in range(0, len(ids), CHUNK):
            keys = {ticket_id: reasons[ticket_id].key(ticket_id) for ticket_id in ids[start : start + CHUNK]}
            found = await cases.open_cases(
                connection, keys, self._log.injected_now(), with_words=present.asks_about_words
            )
            for case in found:
                reason = reasons[case.ticket_id]
                position = await self._settle(connection, case, present, reason, is_again=is_again)
                if position is not None:
                    decided[case.ticket_id] = position
        return decided

    async def _settle(
        self, connection: Connection, case: OpenCase, present: Organisation, reason: Reason, *, is_again: bool
    ) -> int | None:
        """Append what is to be decided on one ticket; None when there is nothing."""
        if case.is_used:
            return None
        to_judge = case_of(case, present, case.rules_of, is_again=is_again)
        routed = judgement.routing_of(case.judged, to_judge)
        candidates = await self._candidates(connection, case, to_judge, routed, present)
        events = judgement.judge(case.judged, to_judge, routed, candidates)
        if not events:
            return None
        state = case.judged
        for event in events:
            state = judgement.evolve(state, event, case.now)
        written = state.model_dump_json(exclude_none=True).encode()
        change = Change(case.ticket_id, TICKET, case.version, [NewEvent(event) for event in events], written)
        key = Key(reason.key(case.ticket_id))
        position = await self._log.append([change], reason.cause, case.now, key=key, executor=connection)
        if state.department != case.judged.department:
            await _note_turn(connection, case, state)
        return position

    async def _candidates(
        self, connection: Connection, case: OpenCase, to_judge: Case, routed: Routed | None, present: Organisation
    ) -> Collection[Candidate]:
        """Whom the rules may make responsible."""
        if routed is None or routed.department_id is None:
            return ()
        asked = to_judge.asked.going_to(routed.department_id)
        found = eligible(routed.responsible, present.departments.get(routed.department_id), asked)
        return await duty.candidates(connection, routed.department_id, found, case.now) if found else ()


def case_of(case: KnownTicket, present: Organisation, rules_of: datetime, *, is_again: bool = False) -> Case:
    """A ticket as it is to be judged by an organisation, and by the weight rules in force at an instant."""
    asked = Circumstances(
        ticket=case.ticket,
        account=case.account,
        at=case.ticket.categorised_at,
        words=case.words,
        department_id=present.department_for(case.ticket.category_id),
        hours=present.hours,
    )
    return Case(
        asked=asked,
        weight_rules=present.weight_rules_at(rules_of),
        submission_rules=present.submission_rules,
        enabled=present.enabled_departments,
        is_again=is_again,
    )


async def _note_turn(connection: Connection, case: OpenCase, state: judgement.Judged) -> None:
    decided = state.department
    if decided and decided.responsible_id and decided.responsible_id != case.ticket.responsible_id:
        await duty.note_turn(connection, case.ticket_id, decided.department_id, decided.responsible_id, case.now)
