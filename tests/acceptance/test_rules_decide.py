"""A submission rule, from the form it is made with to the ticket that everybody sees."""

from typing import Any

from tests.infrastructure.provider import Provider, eventually


async def test_a_rule_gives_a_ticket_department_responsible_urgency_and_tags(provider: Provider) -> None:
    admin = provider.admin
    night = await admin.made("/api/routing/departments", name="Night shift", member_ids=[provider.admin_id])
    rule = await admin.made(
        "/api/routing/submission-rules",
        name="Outages",
        order=1,
        conditions={
            "kind": "all",
            "of": [
                {"kind": "subject", "contains": ["server down", "outage"]},
                {"kind": "not", "of": {"kind": "attitude", "values": ["bad"]}},
            ],
        },
        then={
            "department_id": night["id"],
            "responsible": {"by": "fixed", "administrator_id": provider.admin_id},
            "urgency": "high",
            "tags": ["outage"],
        },
    )
    passed = await admin.made(
        "/api/routing/submission-rules",
        name="Invoices",
        order=0,
        conditions={"kind": "text", "matches": "(?i)invoice"},
        then={"tags": ["billing"]},
    )

    submitted = await provider.submit(subject="Server down again", urgency="low")
    (row,) = await provider.listed(submitted.headers["Consistency-Token"])
    assert (row["department"]["name"], row["responsible"]["id"]) == ("Night shift", provider.admin_id)
    assert (row["urgency"], row["tags"], row["points"]) == ("high", ["outage"], 10), "weighed as it is now"

    decision = (await admin.get(f"/api/routing/tickets/{row['id']}/decision")).json()
    assert _named(decision, rule["id"]), decision
    assert _named(decision, passed["id"]), "and why the one before did not"


async def test_what_a_person_chose_no_rule_changes_back(provider: Provider) -> None:
    admin = provider.admin
    other = await admin.made("/api/routing/categories", name="Web", default_department_id=provider.department_id)
    ticket = (await provider.submit()).json()["id"]
    await admin.patch(f"/api/intake/tickets/{ticket}", urgency="low")
    await admin.made(
        "/api/routing/submission-rules",
        name="Web is urgent",
        order=1,
        conditions={"kind": "category", "ids": [other["id"]]},
        then={"urgency": "high", "tags": ["web"]},
    )
    await eventually(lambda: admin.patch(f"/api/intake/tickets/{ticket}", category_id=other["id"]))
    edited = await admin.post(f"/api/intake/tickets/{ticket}/notes", text="Moved.")
    (row,) = await provider.listed(edited.headers["Consistency-Token"])
    assert (row["category"]["name"], row["urgency"], row["tags"]) == ("Web", "low", ["web"])


def _named(decision: Any, rule: str) -> bool:
    """Whether the explanation speaks of the rule, wherever."""
    if isinstance(decision, dict):
        return any(_named(part, rule) for part in decision.values())
    if isinstance(decision, list):
        return any(_named(part, rule) for part in decision)
    return bool(decision == rule)
