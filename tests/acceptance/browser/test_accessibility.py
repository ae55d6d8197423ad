"""Every page by axe: light and dark, on a desk and on a phone. In the dark nothing but colours is another."""

from datetime import UTC, datetime
from typing import Literal

import pytest
from playwright.async_api import ViewportSize, expect

from tests.acceptance.browser import letters
from tests.acceptance.browser.conftest import NewVisitor
from tests.acceptance.browser.test_clients_panel import JANE
from tests.acceptance.browser.visitor import Visitor
from tests.infrastructure.product import ADMINISTRATOR
from tests.infrastructure.provider import Provider

OVERVIEW = {"/overview": "Nothing is due", "/overview/answers": "On time", "/overview/closings": "On time"}
"""Pages, and what is on them once they have been read."""
SIZES: dict[str, ViewportSize] = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("size", SIZES)
async def test_no_page_has_accessibility_problems(provider: Provider, visit: NewVisitor, size: str) -> None:
    await provider.admin.made("/api/query/views", name="Emergencies", filters={"urgency": ["high"]})
    ticket = (await provider.submit(subject="Mail is late", urgency="high")).json()["id"]
    await provider.admin.made(f"/api/intake/tickets/{ticket}/block")
    closed = await _answered(provider)
    await provider.admin.made(f"/api/intake/tickets/{closed}/close")
    await _looks_at_tickets(await visit(viewport=SIZES[size]), size)
    await _looks_at_own_tickets(await visit(viewport=SIZES[size]), ticket)


async def _looks_at_tickets(anna: Visitor, size: str) -> None:
    await anna.page.goto(anna.url)
    await expect(anna.button("Sign in")).to_be_visible()
    await _is_fine(anna, "sign-in")
    await anna.sign_in(**ADMINISTRATOR) if size == "desk" else await _signed_in_on_a_phone(anna)
    await expect(anna.row("Mail is late")).to_be_visible()
    await _is_fine(anna, "list")
    await anna.button("Filter").click()
    await _is_fine(anna, "filters")
    await anna.page.keyboard.press("Escape")
    await anna.open("Mail is late")
    for tab in ("Properties", "Account", "History", "Mail"):
        await anna.page.get_by_role("tab", name=tab).click()
        await _is_fine(anna, f"ticket, {tab}")
    await anna.page.goto(f"{anna.url}/tickets?as_of={datetime.now(UTC).isoformat().replace('+00:00', 'Z')}")
    await anna.sees("Nothing can be done here")
    await anna.open("Mail is late")
    await _is_fine(anna, "ticket of the past")
    for path, there in OVERVIEW.items():
        await anna.page.goto(anna.url + path)
        await expect(anna.page.get_by_text(there).first).to_be_visible()
        await _is_fine(anna, path)


async def _looks_at_own_tickets(jane: Visitor, ticket: str) -> None:
    await jane.sign_in(**JANE)
    await jane.sees("Mail is late")
    await _is_fine(jane, "own tickets")
    await jane.page.goto(f"{jane.url}/panel/new")
    await expect(jane.button("Submit")).to_be_visible()
    await _is_fine(jane, "new ticket")
    await jane.page.goto(f"{jane.url}/panel/{ticket}")
    await jane.sees("Since today.")
    await _is_fine(jane, "own ticket")


async def _answered(provider: Provider) -> str:
    ticket: str = (await provider.submit(subject="On time")).json()["id"]
    token = (await provider.admin.made(f"/api/intake/tickets/{ticket}/block"))["block"]["token"]
    await provider.admin.made(f"/api/intake/tickets/{ticket}/replies", text="Done.", token=token)
    return ticket


async def _signed_in_on_a_phone(visitor: Visitor) -> None:
    """There the menu with one's name is closed at first."""
    await visitor.page.get_by_label("E-mail").fill(ADMINISTRATOR["email"])
    await visitor.page.get_by_label("Password", exact=True).fill(ADMINISTRATOR["password"])
    await visitor.button("Sign in").click()


async def _is_fine(visitor: Visitor, page: str) -> None:
    await visitor.is_still()
    assert await visitor.accessibility_problems() == [], page
    await _turns(visitor, "dark")
    assert await visitor.accessibility_problems(of_colours=True) == [], f"{page}, in the dark"
    await _turns(visitor, "light")


async def _turns(visitor: Visitor, scheme: Literal["light", "dark"]) -> None:
    """As the system does in the evening: the page follows."""
    await visitor.page.emulate_media(color_scheme=scheme)
    await expect(visitor.page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
    await visitor.is_still()


SETTINGS = {
    "work": (
        "departments",
        "departments/new",
        "departments/{department}",
        "departments/{department}?tab=hours",
        "departments/{department}?tab=answers",
        "categories",
        "categories/{category}",
        "targets",
        "targets/new",
        "submission-rules",
        "submission-rules/new",
        "weight-rules",
        "weight-rules/new",
    ),
    "people": (
        "accounts",
        "accounts/{account}",
        "accounts/{account}?tab=users",
        "accounts/{account}?tab=data",
        "users",
        "users/{user}",
        "administrators",
        "administrators/new",
        "groups",
        "groups/new",
        "projects",
    ),
    "systems": (
        "api-keys",
        "api-keys/new",
        "webhooks",
        "webhooks/new",
        "gateways",
        "gateways/new",
        "gateways/{gateway}",
        "mails",
        "mails/{mail}",
        "templates",
        "templates/closed-en",
        "signing-keys",
        "parked",
    ),
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("group", SETTINGS)
async def test_no_page_of_the_settings_has_accessibility_problems(
    provider: Provider, visit: NewVisitor, mail_port: int, group: str
) -> None:
    gateway = (await letters.gateway(provider))["id"]
    await letters.write(mail_port, "Is it down?")
    [mail] = await letters.waiting(provider, 1)
    names = {
        "gateway": gateway,
        "mail": mail["id"],
        "department": provider.department_id,
        "category": provider.category_id,
        "account": provider.account_id,
        "user": provider.user_id,
    }
    calendar = {"time_zone": "Europe/Berlin", "weekly": {"mon": [["08:15", "13:00"]], "fri": [["22:00", "06:00"]]}}
    hours = f"/api/sla/departments/{provider.department_id}/working-hours"
    assert (await provider.admin.put(hours, calendar=calendar, public_holidays={"country": "DE"})).is_success
    anna = await visit()
    await anna.sign_in(**ADMINISTRATOR)
    for path in SETTINGS[group]:
        await anna.page.goto(f"{anna.url}/settings/{path.format(**names)}")
        for size, viewport in SIZES.items():
            await anna.page.set_viewport_size(viewport)
            await expect(anna.page.get_by_role("heading", level=1)).to_be_visible()
            await expect(anna.page.get_by_role("status", name="Loading")).to_have_count(0)
            await _is_fine(anna, f"{path}, {size}")
