"""A provider that changes its mind: hours, targets, rules, people, and tickets among all that, drawn from a seed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

import httpx

from tests.acceptance.histories.drawn import Drawn
from tests.acceptance.stories.model.people import Administrator
from tests.acceptance.stories.stage import Cast, Stage

REFUSED = {403, 404, 409, 410, 412, 422}
"""What may become of an act that another one has overtaken."""
FEWEST = 3
"""Tickets to do something to."""
AT_ONCE = 4
SLOW = ("intake", "routing", "sla", "query")
PAUSES = (0, 0, 20, 90, 1200, 3600, 3 * 3600, 9 * 3600)
"""Seconds between acts, during which departments open and close and deadlines pass."""

Act = Callable[[], Awaitable[httpx.Response]]


@dataclass
class Upheaval:
    stage: Stage
    cast: Cast
    chance: Random
    done: Counter[str] = field(default_factory=Counter)
    """What was done, how often."""
    refused: Counter[str] = field(default_factory=Counter)
    tickets: list[str] = field(default_factory=list)
    weight_rules: list[str] = field(default_factory=list)
    submission_rules: list[str] = field(default_factory=list)
    drawn: Drawn = field(init=False)

    def __post_init__(self) -> None:
        departments = [one.id for one in self.stage.departments.values()]
        self.drawn = Drawn(self.chance, departments, [one.id for one in self.stage.categories.values()])

    @property
    def acts(self) -> dict[str, Act]:
        return {
            "hours": self._set_hours,
            "department's target": self._set_target,
            "targets": self._set_targets,
            "weight rule": self._make_weight_rule,
            "weight rule changed": self._change_weight_rule,
            "weight rule deleted": self._delete_weight_rule,
            "submission rule": self._make_submission_rule,
            "submission rule changed": self._change_submission_rule,
            "submission rule deleted": self._delete_submission_rule,
            "rules applied": self._apply_rules,
            "category": self._change_category,
            "department": self._change_department,
            "account": self._change_account,
            "submitted": self._submit,
            "submitted for": self._submit_for,
            "replied": self._reply,
            "answered": self._answer,
            "noted": self._note,
            "edited": self._edit,
            "assigned": self._assign,
            "transferred": self._transfer,
            "closed": self._close,
            "reopened": self._reopen,
            "deleted": self._delete,
        }

    async def round(self) -> None:
        """Each act once, in any order and some at the same time, with services that hear of it late."""
        for _ in range(2):
            await self._do("submitted")
        while len(self.tickets) < FEWEST:
            await self._do("submitted")
        deck = self.chance.sample(list(self.acts), len(self.acts))
        while deck:
            async with self._some_are_slow():
                for _ in range(self.chance.randint(1, 4)):
                    size = self.chance.randint(1, AT_ONCE)
                    await asyncio.gather(*map(self._do, deck[:size]))
                    deck = deck[size:]
                    await self.pass_time(self.chance.choice(PAUSES))

    @asynccontextmanager
    async def _some_are_slow(self) -> AsyncIterator[None]:
        """Services that take nothing in for a while, and decide late about all that the others have told meanwhile."""
        async with AsyncExitStack() as stack:
            for service in self.chance.sample(SLOW, self.chance.randint(0, 2)):
                consumer = self.stage.product.apps[service].state.backbone.own_consumer
                await stack.enter_async_context(consumer._applying)
            yield

    async def pass_time(self, seconds: float) -> None:
        self.stage.clock.advance(seconds)
        if seconds >= timedelta(hours=1).total_seconds():
            await self._sign_in_again()

    async def _sign_in_again(self) -> None:
        """Tokens last a day."""
        self.stage.tokens[self._olga] = (await self.stage.product.administrator()).token
        for client in self.cast.clients.values():
            self.stage.tokens[client] = await self.stage.sign_in(client.email)

    async def _do(self, name: str) -> None:
        answer = await self.acts[name]()
        assert answer.is_success or answer.status_code in REFUSED, f"{name}: {answer.status_code} {answer.text}"
        if answer.is_success:
            self.done[name] += 1
        else:
            self.refused[f"{name}: {answer.status_code} {answer.json()['type'].rsplit(':', 1)[-1]}"] += 1

    async def _ask(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return await self.stage.send(self._olga, method, f"/api/{path}", body)

    @property
    def _olga(self) -> Administrator:
        return self.cast.staff["Olga"]

    def _ticket(self) -> str:
        return self.chance.choice(self.tickets[-12:])

    # --- hours, targets -----------------------------------------------------------------------------

    async def _set_hours(self) -> httpx.Response:
        path = f"sla/departments/{self.drawn.department()}/working-hours"
        return await self._ask("PUT", path, self.drawn.hours(self.stage.clock.now().date()))

    async def _set_target(self) -> httpx.Response:
        path = f"sla/departments/{self.drawn.department()}/target"
        return await self._ask("PUT", path, {"response_seconds": self.drawn.seconds()})

    async def _set_targets(self) -> httpx.Response:
        return await self._ask("PUT", "sla/targets", {"targets": self.drawn.targets()})

    # --- rules, and what they are about -------------------------------------------------------------

    async def _make_weight_rule(self) -> httpx.Response:
        return await self._make("routing/weight-rules", self.drawn.weight_rule(), self.weight_rules)

    async def _change_weight_rule(self) -> httpx.Response:
        rule = await self._one_of(self.weight_rules, self._make_weight_rule)
        return await self._ask("PATCH", f"routing/weight-rules/{rule}", self.drawn.weight_rule())

    async def _delete_weight_rule(self) -> httpx.Response:
        rule = await self._one_of(self.weight_rules, self._make_weight_rule)
        self.weight_rules.remove(rule)
        return await self._ask("DELETE", f"routing/weight-rules/{rule}")

    async def _make_submission_rule(self) -> httpx.Response:
        return await self._make("routing/submission-rules", self.drawn.submission_rule(), self.submission_rules)

    async def _change_submission_rule(self) -> httpx.Response:
        rule = await self._one_of(self.submission_rules, self._make_submission_rule)
        return await self._ask("PATCH", f"routing/submission-rules/{rule}", self.drawn.submission_rule())

    async def _delete_submission_rule(self) -> httpx.Response:
        rule = await self._one_of(self.submission_rules, self._make_submission_rule)
        self.submission_rules.remove(rule)
        return await self._ask("DELETE", f"routing/submission-rules/{rule}")

    async def _make(self, path: str, body: dict[str, Any], made: list[str]) -> httpx.Response:
        answer = await self._ask("POST", path, body)
        made.append(answer.json()["id"])
        return answer

    async def _one_of(self, some: list[str], make: Act) -> str:
        if not some:
            await make()
        return self.chance.choice(some)

    async def _apply_rules(self) -> httpx.Response:
        return await self._ask("POST", "routing/rejudgements")

    async def _change_category(self) -> httpx.Response:
        return await self._ask("PATCH", f"routing/categories/{self.drawn.category()}", self.drawn.of_category())

    async def _change_department(self) -> httpx.Response:
        return await self._ask("PATCH", f"routing/departments/{self.drawn.department()}", self.drawn.of_department())

    async def _change_account(self) -> httpx.Response:
        account = self.chance.choice(self.cast.accounts)
        return await self._ask("PATCH", f"accounts/accounts/{account.id}", self.drawn.of_account())

    # --- tickets ------------------------------------------------------------------------------------

    async def _submit(self) -> httpx.Response:
        client = self.chance.choice(list(self.cast.clients.values()))
        answer = await self.stage.send(client, "POST", "/api/intake/tickets", self.drawn.submission())
        return self._submitted(answer)

    async def _submit_for(self) -> httpx.Response:
        client = self.chance.choice(list(self.cast.clients.values()))
        return self._submitted(
            await self._ask("POST", "intake/tickets", {**self.drawn.submission(), "user_id": client.id})
        )

    def _submitted(self, answer: httpx.Response) -> httpx.Response:
        if answer.is_success:
            self.tickets.append(answer.json()["id"])
        return answer

    async def _reply(self) -> httpx.Response:
        client = self.chance.choice(list(self.cast.clients.values()))
        path = f"/api/intake/tickets/{self._ticket()}/replies"
        return await self.stage.send(client, "POST", path, {"text": "Any news?"})

    async def _answer(self) -> httpx.Response:
        ticket = self._ticket()
        block = await self._ask("POST", f"intake/tickets/{ticket}/block")
        if not block.is_success:
            return block
        body = {"text": "Try again", "token": block.json()["block"]["token"], "close": self.chance.random() < 0.2}
        return await self._ask("POST", f"intake/tickets/{ticket}/replies", body)

    async def _note(self) -> httpx.Response:
        return await self._ask("POST", f"intake/tickets/{self._ticket()}/notes", {"text": "Seen before."})

    async def _edit(self) -> httpx.Response:
        return await self._ask("PATCH", f"intake/tickets/{self._ticket()}", self.drawn.edit())

    async def _assign(self) -> httpx.Response:
        somebody = self.chance.choice([None, *self.cast.staff.values()])
        body = {"responsible_id": somebody and somebody.id}
        return await self._ask("POST", f"intake/tickets/{self._ticket()}/assign", body)

    async def _transfer(self) -> httpx.Response:
        body = {"department_id": self.drawn.department()}
        return await self._ask("POST", f"intake/tickets/{self._ticket()}/transfer", body)

    async def _close(self) -> httpx.Response:
        return await self._ask("POST", f"intake/tickets/{self._ticket()}/close")

    async def _reopen(self) -> httpx.Response:
        return await self._ask("POST", f"intake/tickets/{self._ticket()}/reopen")

    async def _delete(self) -> httpx.Response:
        ticket = self._ticket()
        if len(self.tickets) > FEWEST:
            self.tickets.remove(ticket)
        return await self._ask("DELETE", f"intake/tickets/{ticket}")
