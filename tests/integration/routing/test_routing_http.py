"""Departments, categories and weight rules over HTTP."""

from typing import Any
from uuid import uuid4

from libs.events.catalogue.accounts import AdministratorCreated, ProjectCreated
from libs.service.http import encode_cursor
from tests.integration.routing.conftest import World


async def names(world: World, path: str, headers: dict[str, str], **query: Any) -> list[str]:
    """The names in a list, page by page."""
    found: list[str] = []
    while True:
        answer = await world.http.get(path, params=query, headers=headers)
        page = answer.json()
        found += [item["name"] for item in page["items"]]
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]


async def pointers(world: World, path: str, **body: Any) -> list[str]:
    """Where the faults of a refused creation are."""
    answer = await world.http.post(path, json=body, headers=world.staff())
    assert answer.status_code == 422, answer.text
    return [error["pointer"] for error in answer.json()["errors"]]


async def test_a_department_is_created_read_and_changed(world: World) -> None:
    body = {"name": " Mail ", "language": "de", "head_id": str(world.ann), "member_ids": [str(world.ann)]}
    created = await world.http.post("departments", json=body, headers=world.staff())
    assert created.status_code == 201
    path = created.headers["Location"].removeprefix("/api/routing/")
    assert created.headers["Consistency-Token"].startswith("routing.")
    read = await world.http.get(path, headers=world.staff())
    assert read.json() == {**body, "id": created.json()["id"], "version": 1, "name": "Mail", "enabled": True}
    headers = world.staff(**{"If-Match": read.headers["ETag"]})
    changed = await world.http.patch(path, json={"enabled": False, "head_id": None}, headers=headers)
    assert changed.json() == {**read.json(), "version": 2, "enabled": False, "head_id": None}
    types = await world.pool.fetch("select type from log where entity = $1 order by version", created.json()["id"])
    assert [row["type"] for row in types] == ["department.created.v1", "department.changed.v1"]


async def test_an_edit_of_what_somebody_else_has_changed_is_refused(world: World) -> None:
    path = f"departments/{await world.department()}"
    assert (await world.http.patch(path, json={"name": "A"}, headers=world.staff())).status_code == 428
    assert (await world.change(path, name="A")).status_code == 200
    late = await world.http.patch(path, json={"name": "B"}, headers=world.staff(**{"If-Match": '"1"'}))
    assert late.status_code == 412
    assert (await world.http.get(path, headers=world.staff())).json()["name"] == "A"


async def test_an_edit_that_changes_nothing_is_not_told(world: World) -> None:
    rule = await world.rule("A", 1)
    answer = await world.change(f"weight-rules/{rule}", points=1)
    assert (answer.status_code, answer.json()["version"], answer.headers["ETag"]) == (200, 1, '"1"')


async def test_a_retried_creation_is_the_same_department(world: World) -> None:
    headers = world.staff()
    first, again = [await world.http.post("departments", json={"name": "A"}, headers=headers) for _ in range(2)]
    assert first.json() == again.json()
    other = await world.http.post("departments", json={"name": "B"}, headers=headers)
    assert other.status_code == 422
    assert await names(world, "departments", world.staff()) == ["A"]


async def test_what_is_named_must_exist(world: World) -> None:
    nobody = str(uuid4())
    members = [str(world.ann), nobody]
    assert await pointers(world, "departments", name="A", head_id=nobody, member_ids=members) == [
        "/head_id",
        "/member_ids/1",
    ]
    assert await pointers(world, "categories", name="A", default_department_id=nobody) == ["/default_department_id"]
    conditions = {"category_ids": [str(await world.category()), nobody]}
    assert await pointers(world, "weight-rules", name="A", points=1, conditions=conditions) == [
        "/conditions/category_ids/1"
    ]
    category = await world.category()
    refused = await world.change(f"categories/{category}", default_department_id=str(category))
    assert refused.status_code == 422


async def test_administrators_are_known_from_accounts_events(world: World) -> None:
    bob = uuid4()
    assert await pointers(world, "departments", name="A", member_ids=[str(bob)]) == ["/member_ids/0"]
    await world.accounts.tell(bob, AdministratorCreated(name="Bob", email="bob@x.example"))
    await world.consumed()
    await world.department(member_ids=[str(bob)])


HIGH = {"kind": "urgency", "values": ["high"]}
BAD_INPUT: list[tuple[str, dict[str, Any], str]] = [
    ("departments", {"name": " "}, "/name"),
    ("departments", {"name": "A\0"}, "/name"),
    ("departments", {"name": "A", "language": "not a language"}, "/language"),
    ("departments", {"name": "A", "colour": "red"}, "/colour"),
    ("weight-rules", {"name": "A", "points": 1, "unit": 0}, "/unit"),
    ("weight-rules", {"name": "A", "points": 1, "cap": -1}, "/cap"),
    ("weight-rules", {"name": "A", "points": 10**9}, "/points"),
    ("weight-rules", {"name": "A", "points": 1, "conditions": {"attitudes": []}}, "/conditions/attitudes"),
    ("weight-rules", {"name": "A", "points": 1, "conditions": {"min_expenses": "NaN"}}, "/conditions/min_expenses"),
    ("weight-rules", {"name": "A", "points": 1, "floor": 9, "cap": 8}, "/floor"),
    ("weight-rules", {"name": "A", "points": 1, "conditions": {"kind": "working_hours"}}, "/conditions/department_id"),
    ("submission-rules", {"name": "A"}, "/then"),
    ("submission-rules", {"name": "A", "then": {}}, "/then"),
    ("submission-rules", {"name": "A", "then": {"tags": [" "]}}, "/then/tags/0"),
    ("submission-rules", {"name": "A", "then": {"urgency": "huge"}}, "/then/urgency"),
    *[
        ("submission-rules", {"name": "A", "then": {"tags": ["a"]}, "conditions": conditions}, f"/conditions{pointer}")
        for conditions, pointer in (
            ({"kind": "colour"}, ""),
            ({"kind": "all", "of": [HIGH, {"kind": "urgency", "values": ["low", "huge"]}]}, "/of/1/values/1"),
            ({"kind": "all", "of": [HIGH, {"kind": "services"}]}, "/of/1"),
            ({"kind": "all", "of": [HIGH, {"kind": "time_of_day", "starts": "09:00"}]}, "/of/1/ends"),
            ({"kind": "not", "of": {"kind": "text", "matches": "(a"}}, "/of/matches"),
            ({"kind": "all", "of": [HIGH, {"kind": "urgency", "values": ["low"]}]}, ""),
        )
    ],
]


async def test_bad_input_is_refused_and_leaves_no_trace(world: World) -> None:
    for path, body, pointer in BAD_INPUT:
        assert await pointers(world, path, **body) == [pointer], body
    assert await world.pool.fetchval("select count(*) from entities") == 0


async def test_null_is_no_value_for_what_must_be_there(world: World) -> None:
    department = await world.department()
    assert (await world.change(f"departments/{department}", name=None)).status_code == 422


async def test_a_thing_of_another_kind_is_not_found(world: World) -> None:
    department = await world.department()
    for path in (
        f"categories/{department}",
        f"weight-rules/{department}",
        f"submission-rules/{department}",
        f"departments/{uuid4()}",
    ):
        assert (await world.http.get(path, headers=world.staff())).status_code == 404
        assert (await world.change(path, name="A")).status_code == 404


async def test_lists_come_in_pages_and_categories_by_their_order(world: World) -> None:
    department = await world.department(name="D0")
    for n in range(1, 5):
        await world.department(name=f"D{n}")
    for name, order in [("last", 9), ("first", -1), ("tie a", 5), ("tie b", 5), ("second", 0)]:
        await world.category(department, name=name, order=order)
    assert await names(world, "departments", world.staff(), limit=2) == ["D0", "D1", "D2", "D3", "D4"]
    assert await names(world, "categories", world.staff(), limit=2) == ["first", "second", "tie a", "tie b", "last"]
    assert (await world.http.get("departments?cursor=x", headers=world.staff())).status_code == 422
    for beyond in (encode_cursor([2**31, uuid4()]), encode_cursor([-(2**63), uuid4()])):
        assert (await world.http.get(f"categories?cursor={beyond}", headers=world.staff())).status_code == 422
    assert (await world.http.get("departments?limit=201", headers=world.staff())).status_code == 422


async def test_only_staff_and_systems_with_the_scope_get_in(world: World) -> None:
    for headers in (world.client(), world.system()):
        for path in ("departments", "categories", "weight-rules"):
            assert (await world.http.get(path, headers=headers)).status_code == 403
            assert (await world.http.post(path, json={"name": "A", "points": 1}, headers=headers)).status_code == 403
    reader, writer = world.system("routing:read"), world.system("routing:write")
    assert (await world.http.get("departments", headers=reader)).status_code == 200
    assert (await world.http.post("departments", json={"name": "A"}, headers=reader)).status_code == 403
    assert (await world.http.post("departments", json={"name": "A"}, headers=writer)).status_code == 201
    assert (await world.http.get("departments")).status_code == 401


async def test_a_deleted_weight_rule_is_gone(world: World) -> None:
    rule, other = await world.rule("A", 1), await world.rule("B", 1)
    path = f"weight-rules/{rule}"
    deleted = await world.http.delete(path, headers=world.staff())
    assert deleted.status_code == 204
    assert deleted.headers["Consistency-Token"].startswith("routing.")
    assert (await world.http.get(path, headers=world.staff())).status_code == 404
    assert (await world.http.delete(path, headers=world.staff())).status_code == 404
    assert (await world.change(path, points=2)).status_code == 404
    assert await names(world, "weight-rules", world.staff()) == ["B"]
    kept = (await world.http.get(f"weight-rules/{other}", headers=world.staff())).json()
    assert (kept["unit"], kept["conditions"]) == ("1", {"kind": "all", "of": []})


async def test_what_became_of_a_thing_is_told_with_who_when_and_from_what_to_what(world: World) -> None:
    department = await world.department(name="Mail")
    path = f"departments/{department}"
    await world.change(path, name="Post", enabled=False)
    await world.change(path, enabled=True)
    newest = (await world.http.get(f"{path}/history?limit=2", headers=world.staff())).json()
    assert [(one["version"], one["changes"]) for one in newest["items"]] == [
        (3, [{"field": "enabled", "before": False, "after": True}]),
        (
            2,
            [
                {"field": "name", "before": "Mail", "after": "Post"},
                {"field": "enabled", "before": True, "after": False},
            ],
        ),
    ]
    rest = (await world.http.get(f"{path}/history?cursor={newest['next_cursor']}", headers=world.staff())).json()
    (made,) = rest["items"]
    assert (made["type"], made["actor"]) == ("department.created.v1", f"user:{world.ann}")
    assert {"field": "name", "before": None, "after": "Mail"} in made["changes"]
    assert (await world.http.get(f"departments/{uuid4()}/history", headers=world.staff())).status_code == 404


async def test_a_deleted_rule_keeps_its_history(world: World) -> None:
    rule = await world.rule("A", 1)
    await world.http.delete(f"weight-rules/{rule}", headers=world.staff())
    told = (await world.http.get(f"weight-rules/{rule}/history", headers=world.staff())).json()["items"]
    assert [(one["type"], bool(one["changes"])) for one in told] == [
        ("weight_rule.deleted.v1", False),
        ("weight_rule.created.v2", True),
    ]


async def test_a_category_may_be_of_a_project(world: World) -> None:
    assert await pointers(
        world, "categories", name="A", default_department_id=str(await world.department()), project_id=str(uuid4())
    ) == ["/project_id"]
    project = uuid4()
    await world.accounts.tell(project, ProjectCreated(name="Brand"))
    await world.consumed()
    category = await world.category(project_id=str(project))
    read = await world.http.get(f"categories/{category}", headers=world.staff())
    assert read.json()["project_id"] == str(project)


async def test_whatever_a_condition_names_must_exist(world: World) -> None:
    nobody, department = str(uuid4()), str(await world.department())
    morning = {"kind": "time_of_day", "starts": "09:00", "ends": "10:00", "department_id": department}
    conditions = {
        "kind": "all",
        "of": [
            *[{"kind": kind, "ids": [nobody]} for kind in ("category", "account", "group", "project")],
            {"kind": "working_hours", "department_id": nobody},
            {"kind": "not", "of": morning},
        ],
    }
    then = {"department_id": nobody, "responsible": {"by": "fixed", "administrator_id": nobody}}
    assert await pointers(world, "submission-rules", name="A", then=then, conditions=conditions) == [
        *[f"/conditions/of/{at}/ids/0" for at in range(4)],
        "/conditions/of/4/department_id",
        "/then/department_id",
        "/then/responsible/administrator_id",
    ]


async def test_a_submission_rule_is_created_read_changed_and_deleted(world: World) -> None:
    rule = await world.submission_rule({"tags": [" VIP "]}, conditions={"urgencies": ["high"]}, order=5)
    path = f"submission-rules/{rule}"
    read = (await world.http.get(path, headers=world.staff())).json()
    assert read == {
        "id": str(rule),
        "version": 1,
        "name": "R",
        "order": 5,
        "conditions": {"kind": "all", "of": [HIGH]},
        "then": {"department_id": None, "responsible": None, "urgency": None, "tags": ["vip"]},
        "stop": True,
        "enabled": True,
    }
    impossible = {"kind": "all", "of": [HIGH, {"kind": "not", "of": HIGH}]}
    assert (await world.change(path, conditions=impossible)).status_code == 422
    changed = await world.change(path, order=-1, stop=False)
    assert changed.json() == {**read, "version": 2, "order": -1, "stop": False}
    first = await world.submission_rule({"urgency": "low"}, order=-2, name="First")
    assert await names(world, "submission-rules", world.staff(), limit=1) == ["First", "R"]
    assert (await world.http.delete(path, headers=world.staff())).status_code == 204
    assert (await world.http.get(path, headers=world.staff())).status_code == 404
    assert (await world.http.delete(path, headers=world.staff())).status_code == 404
    assert (await world.change(path, order=1)).status_code == 404
    listed = (await world.http.get("submission-rules", headers=world.staff())).json()["items"]
    assert [one["id"] for one in listed] == [str(first)]


async def test_a_rule_too_deep_to_be_read_is_refused(world: World) -> None:
    deep = '{"kind":"not","of":' * 5000 + '{"kind":"all"}' + "}" * 5000
    body = f'{{"name": "A", "then": {{"tags": ["a"]}}, "conditions": {deep}}}'
    headers = {**world.staff(), "Content-Type": "application/json"}
    answer = await world.http.post("submission-rules", content=body, headers=headers)
    assert answer.status_code in {400, 422}, answer.text
