"""Each role is offered what it may do, and nothing else."""

import pytest
from playwright.async_api import expect

from tests.acceptance.browser.conftest import NewVisitor
from tests.infrastructure.provider import Provider, eventually

SECRET = "correct horse battery"
MAY = {
    "observer": {"answer": False, "Take it": False, "Delete": False, "Switch to Jane's panel": False},
    "agent": {"answer": True, "Take it": True, "Delete": False, "Switch to Jane's panel": False},
    "manager": {"answer": True, "Take it": True, "Delete": True, "Switch to Jane's panel": True},
}


@pytest.mark.parametrize("role", MAY)
async def test_a_role_is_offered_what_it_may_do(provider: Provider, visit: NewVisitor, role: str) -> None:
    email = f"{role}@provider.example"
    someone = await provider.admin.made(
        "/api/accounts/administrators", name=role.title(), role=role, email=email, password=SECRET
    )
    department = f"/api/routing/departments/{provider.department_id}"
    members = [provider.admin_id, someone["id"]]
    await eventually(lambda: provider.admin.patch(department, member_ids=members))
    await provider.submit(subject="Mail is late")

    visitor = await visit()
    await visitor.sign_in(email=email, password=SECRET)
    await visitor.open("Mail is late")
    await visitor.button("More actions").click()
    await expect(visitor.page.get_by_role("menuitem", name="Only tickets of Acme")).to_be_visible()
    for name in ("Delete", "Switch to Jane's panel"):
        await expect(visitor.page.get_by_role("menuitem", name=name)).to_have_count(int(MAY[role][name]))
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.button("Take it")).to_have_count(int(MAY[role]["Take it"]))
    await expect(visitor.answer).to_have_count(int(MAY[role]["answer"]))
