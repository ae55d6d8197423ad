"""Makes the provider and its customers, as far as they are not there yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from deploy.client import Caller, Helpdesk
from deploy.demo import provider
from deploy.demo.customers import Customer, Person
from deploy.demo.pace import Pace
from deploy.demo.provider import Administrator, Department

Ids = dict[str, str]
"""From a thing's name, or a person's address, to its id."""

_NAMED = {"department_id", "ids"}
_FIRST_NUMBER = 10_001
"""What the provider's billing system calls the first customer."""


@dataclass(frozen=True)
class World:
    """What has been made."""

    staff: Ids
    departments: Ids
    categories: Ids
    projects: Ids
    users: Ids


@dataclass(frozen=True)
class Seeding:
    helpdesk: Helpdesk
    administrator: Caller
    password: str
    """Of all people of the demo who have one."""
    pace: Pace

    def run(self, customers: Sequence[Customer]) -> World:
        staff = self._staff()
        departments = self._departments(staff)
        plans = [(departments[one.name], one) for one in provider.DEPARTMENTS]
        self.pace.each("working hours and targets", self._set_plan, plans)
        projects = self._make("projects", "accounts/projects", [{"name": name} for name in provider.PROJECTS])
        groups = self._make("groups", "accounts/groups", [{"name": name} for name in provider.GROUPS])
        categories = self._categories(departments, projects)
        self._gateways(categories, projects)
        ids = {**departments, **categories, **groups}
        self._make(
            "submission rules", "routing/submission-rules", [_by_id(one, ids) for one in provider.SUBMISSION_RULES]
        )
        self._make("weight rules", "routing/weight-rules", [_by_id(one, ids) for one in provider.WEIGHT_RULES])
        accounts = self._accounts(customers, groups, projects)
        return World(staff, departments, categories, projects, self._users(customers, accounts))

    def _staff(self) -> Ids:
        people = [
            {**self._person(one), "role": one.role, "rights": list(one.rights)} for one in provider.ADMINISTRATORS
        ]
        return self._make("administrators", "accounts/administrators", people, named="email")

    def _departments(self, staff: Ids) -> Ids:
        bodies = []
        for department in provider.DEPARTMENTS:
            members = [staff[provider.administrator(name).email] for name in department.members]
            about = {"name": department.name, "language": department.language}
            bodies.append({**about, "head_id": members[0], "member_ids": members})
        return self._make("departments", "routing/departments", bodies)

    def _set_plan(self, plan: tuple[str, Department]) -> None:
        """Set hours and target where nobody has set them."""
        identifier, department = plan
        path = f"/api/sla/departments/{identifier}"
        for what, body in (("working-hours", department.hours), ("target", department.target)):
            if self.administrator.get(f"{path}/{what}").json()["version"] == 0:
                self.administrator.put(f"{path}/{what}", body)

    def _categories(self, departments: Ids, projects: Ids) -> Ids:
        bodies = [
            {
                "name": category.name,
                "default_department_id": departments[category.department],
                "product_types": list(category.products),
                "project_id": projects[category.project] if category.project else None,
                "order": 10 * place,
            }
            for place, category in enumerate(provider.CATEGORIES)
        ]
        return self._make("categories", "routing/categories", bodies)

    def _gateways(self, categories: Ids, projects: Ids) -> None:
        bodies = [
            {
                "address": gateway.address,
                "category_id": categories[gateway.category],
                "project_id": projects[gateway.project] if gateway.project else None,
            }
            for gateway in provider.GATEWAYS
        ]
        self._make("mail gateways", "intake/gateways", bodies, named="address")

    def _accounts(self, customers: Sequence[Customer], groups: Ids, projects: Ids) -> Ids:
        bodies = [
            {
                "name": customer.name,
                "external_id": str(number),
                "group_id": groups[customer.group] if customer.group else None,
                "project_id": projects[customer.project],
                "services": customer.services,
                **customer.facts,
            }
            for number, customer in enumerate(customers, _FIRST_NUMBER)
        ]
        return self._make("accounts", "accounts/accounts", bodies)

    def _users(self, customers: Sequence[Customer], accounts: Ids) -> Ids:
        people = [
            {**self._person(user), "account_id": accounts[customer.name]}
            for customer in customers
            for user in customer.users
        ]
        return self._make("users", "accounts/users", people, named="email")

    def _person(self, person: Person | Administrator) -> dict[str, Any]:
        about = {"name": person.name, "email": person.email, "enabled": person.enabled}
        return {**about, "password": self.password if person.signs_in else None}

    def _make(self, title: str, what: str, bodies: Sequence[dict[str, Any]], named: str = "name") -> Ids:
        """Make what is missing of a kind. The key keeps what was renamed meanwhile from being made again."""
        path = f"/api/{what}"
        ids = {item[named]: str(item["id"]) for item in self.administrator.items(path)}

        def make(body: dict[str, Any]) -> None:
            made = self.administrator.post(path, body, key=quote(f"demo-2:{what}:{body[named]}")).json()
            ids[body[named]] = made["id"]

        self.pace.each(title, make, [body for body in bodies if body[named] not in ids])
        return ids


def _by_id(rule: Any, ids: Ids) -> Any:
    """A rule of the script as the API takes it: with ids where the script names things."""
    if isinstance(rule, list):
        return [_by_id(part, ids) for part in rule]
    if not isinstance(rule, dict):
        return rule
    return {key: _named(value, ids) if key in _NAMED else _by_id(value, ids) for key, value in rule.items()}


def _named(names: str | Sequence[str], ids: Ids) -> str | list[str]:
    return ids[names] if isinstance(names, str) else [ids[name] for name in names]
