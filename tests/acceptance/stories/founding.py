"""The provider of all stories, set up through the API: departments, categories, weight rules, staff, a monitoring system."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from libs.service.clock import ManualClock
from tests.acceptance.stories.model.hours import Hours
from tests.acceptance.stories.model.people import DELETE, Administrator, Category, Department, Named, Role, System
from tests.acceptance.stories.model.shown import POINTS
from tests.acceptance.stories.stage import FOLLOWERS, PASSWORD, Stage, email_of
from tests.infrastructure.product import running_product

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PLANS: dict[str, tuple[Hours, int | None]] = {
    "Phone": (Hours(), 7200),
    "Desk": (Hours(8, 18), 3600),
    "Web": (Hours(), None),
    "Nowhere": (Hours(), None),
}
"""Departments with their hours and targets; the last one is not enabled."""
CATEGORIES = {"Mail": "Phone", "Disk": "Desk", "Page": "Web", "Misc": "Nowhere", "Server": "Phone"}
"""Categories with their departments; the last one is not open to everybody."""
POINTS_OF_MAIL = 3
MONDAY = datetime(2040, 1, 2, 8, tzinfo=UTC)
"""When it begins: departments that keep a week are open and closed at the same acts on whatever day the suite runs."""
STAFF: dict[str, tuple[Role, list[str]]] = {
    "Mia": ("manager", []),
    "Ann": ("agent", []),
    "Ben": ("agent", [DELETE]),
    "Hal": ("agent", []),
    "Obi": ("observer", []),
}
"""Besides the owner, with the rights beyond their roles'."""


@asynccontextmanager
async def founded_stage(postgres_dsn: str, nats_url: str, attachments: Path, **settings: Any) -> AsyncIterator[Stage]:
    """The product by a clock that only the test moves, with the provider in it."""
    clock = ManualClock(MONDAY)
    async with running_product(postgres_dsn, nats_url, attachments, clock=clock, **settings) as product:
        stage = Stage(product, clock)
        await found(stage)
        yield stage


async def found(stage: Stage) -> None:
    first = await stage.product.administrator()
    me = (await first.get("/api/accounts/me")).json()
    olga = Administrator(me["id"], me["name"], "owner")
    stage.staff["Olga"], stage.tokens[olga] = olga, first.token
    for service in FOLLOWERS:
        while not (await first.get(f"/api/{service}/parked")).is_success:  # noqa: ASYNC110 - until it knows the key
            await asyncio.sleep(0.05)
    await _departments(stage, olga)
    await _categories(stage, olga)
    await _weight_rules(stage, olga)
    for name, (role, beyond) in STAFF.items():
        who = {"name": name, "email": email_of(name), "password": PASSWORD, "role": role, "rights": beyond}
        made = await stage.made(olga, "/api/accounts/administrators", **who)
        stage.staff[name] = Administrator(made["id"], name, role, frozenset(beyond))
    for name in ("Brand", "Site"):
        stage.projects.append(Named((await stage.made(olga, "/api/accounts/projects", name=name))["id"], name))
    scopes = ["tickets:submit", "tickets:read"]
    made = await stage.made(olga, "/api/accounts/api-keys", name="Monitor", scopes=scopes)
    stage.api_key, stage.system = made["key"], System(made["id"], "Monitor")


async def _departments(stage: Stage, olga: Administrator) -> None:
    for name, (hours, target) in PLANS.items():
        made = await stage.made(olga, "/api/routing/departments", name=name)
        stage.departments[name] = Department(made["id"], name, hours, target)
    await stage.change(olga, f"/api/routing/departments/{stage.departments['Nowhere'].id}", enabled=False)
    for department in stage.departments.values():
        path, hours = f"/api/sla/departments/{department.id}", department.hours
        if hours != Hours():
            weekly = {day: [[f"{hours.opens:02}:00", f"{hours.closes:02}:00"]] for day in WEEK}
            await stage.put(olga, f"{path}/working-hours", calendar={"time_zone": "UTC", "weekly": weekly})
        if department.target is not None:
            await stage.put(olga, f"{path}/target", response_seconds=department.target)


async def _categories(stage: Stage, olga: Administrator) -> None:
    for name, department in CATEGORIES.items():
        to, is_open = stage.departments[department], name != "Server"
        body = {"name": name, "default_department_id": to.id, "product_types": [] if is_open else ["vps"]}
        made = await stage.made(olga, "/api/routing/categories", **body)
        points = POINTS_OF_MAIL if name == "Mail" else 0
        leads_to = None if department == "Nowhere" else to
        stage.categories[name] = Category(made["id"], name, leads_to, is_open, points)


async def _weight_rules(stage: Stage, olga: Administrator) -> None:
    """In the order in which the model adds them up."""
    mail = stage.categories["Mail"]
    rules = (
        ("Urgent", {"urgencies": ["high"]}, POINTS["Urgent"]),
        ("Good customer", {"attitudes": ["good"]}, POINTS["Good customer"]),
        ("Bad customer", {"attitudes": ["bad"]}, POINTS["Bad customer"]),
        (mail.name, {"category_ids": [mail.id]}, mail.points),
    )
    for name, conditions, points in rules:
        await stage.made(olga, "/api/routing/weight-rules", name=name, conditions=conditions, points=points)
