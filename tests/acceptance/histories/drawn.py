"""What hours, targets, rules and tickets are set to: the bodies of requests, drawn from a seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

ZONES = ("UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata", "Pacific/Apia")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIMES = ("00:00", "06:30", "08:00", "12:00", "13:00", "17:00", "20:00", "22:00")
REGIONS: tuple[dict[str, str] | None, ...] = (None, None, {"country": "DE", "subdivision": "BE"}, {"country": "BR"})
SECONDS = (0, 60, 1800, 3600, 4 * 3600, 12 * 3600)
URGENCIES = ("high", "medium", "low")
ATTITUDES = ("good", "neutral", "bad")
TAGS = ("imap", "dns", "night")


@dataclass
class Drawn:
    chance: Random
    departments: list[str]
    categories: list[str]

    def department(self) -> str:
        return self.chance.choice(self.departments)

    def category(self) -> str:
        return self.chance.choice(self.categories)

    def seconds(self) -> int | None:
        return self.chance.choice((None, *SECONDS))

    # --- hours and targets --------------------------------------------------------------------------

    def hours(self, today: date) -> dict[str, Any]:
        """Around the clock, a week with intervals over midnight and without, or no hour at all; and some dates."""
        if self.chance.random() < 0.15:
            return {"calendar": None}
        near = [str(today + timedelta(days=days)) for days in range(-1, 6)]
        calendar = {
            "time_zone": self.chance.choice(ZONES),
            "weekly": {day: self._intervals() for day in WEEK if self.chance.random() < 0.8},
            "holidays": self.chance.sample(near, self.chance.randint(0, 1)),
            "exceptions": {day: self._intervals() for day in self.chance.sample(near, self.chance.randint(0, 2))},
        }
        region = self.chance.choice(REGIONS)
        return {"calendar": calendar, **({"public_holidays": region} if region else {})}

    def _intervals(self) -> list[list[str]]:
        return [
            [self.chance.choice(TIMES), self.chance.choice((*TIMES, "24:00"))] for _ in range(self.chance.randint(0, 2))
        ]

    def targets(self) -> list[dict[str, Any]]:
        return [self._target(number) for number in range(self.chance.randint(0, 3))]

    def _target(self, number: int) -> dict[str, Any]:
        conditions: dict[str, Any] = {
            "department_ids": self._some(self.departments),
            "urgencies": self._some(URGENCIES),
            "attitudes": self._some(ATTITUDES),
        }
        times = {f"{clock}_seconds": self.seconds() for clock in ("first_response", "next_response", "resolution")}
        escalation = {"on": self.chance.choice(("warning", "breach")), "points": self.chance.randint(-5, 50)}
        return {
            "name": f"Target {number}",
            **{name: some for name, some in conditions.items() if some},
            **times,
            "escalation": self.chance.choice((None, escalation)),
        }

    def _some(self, of: Any) -> list[Any]:
        """Some of these; often none, as a condition that does not matter."""
        return self.chance.sample(list(of), self.chance.choice((0, 0, 1, 2)))

    # --- rules --------------------------------------------------------------------------------------

    def weight_rule(self) -> dict[str, Any]:
        return {
            "name": "Drawn",
            "conditions": self._condition(),
            "points": self.chance.choice((-7, -1, 2, 5, 30)),
            "per": self.chance.choice(("ticket", "service", "expenses")),
            "cap": self.chance.choice((None, 10)),
            "enabled": self.chance.random() < 0.8,
        }

    def submission_rule(self) -> dict[str, Any]:
        then = {
            "department_id": self.department(),
            "urgency": self.chance.choice((None, *URGENCIES)),
            "responsible": self.chance.choice((None, {"by": "least_loaded"}, {"by": "round_robin"})),
            "tags": self.chance.sample(TAGS, 1),
        }
        return {
            "name": "Drawn",
            "order": self.chance.randint(0, 3),
            "conditions": self._condition(),
            "then": {name: value for name, value in then.items() if value and self.chance.random() < 0.7}
            or {"tags": ["drawn"]},
            "stop": self.chance.random() < 0.5,
        }

    def _condition(self) -> dict[str, Any]:
        return self.chance.choice(
            (
                {"kind": "all", "of": []},
                {"kind": "urgency", "values": self.chance.sample(URGENCIES, 2)},
                {"kind": "attitude", "values": [self.chance.choice(ATTITUDES)]},
                {"kind": "category", "ids": [self.category()]},
                {"kind": "services", "at_least": 1},
                {"kind": "not", "of": {"kind": "subject", "contains": ["news"]}},
                {"kind": "working_hours", "inside": self.chance.random() < 0.5, "department_id": self.department()},
            )
        )

    # --- what rules and targets are about -----------------------------------------------------------

    def of_category(self) -> dict[str, Any]:
        return {"default_department_id": self.department(), "name": f"Category {self.chance.randint(1, 99)}"}

    def of_department(self) -> dict[str, Any]:
        return {"name": f"Department {self.chance.randint(1, 99)}", "enabled": self.chance.random() < 0.8}

    def of_account(self) -> dict[str, Any]:
        ordered = [{"product_type": "vps", "price": "25"}] * self.chance.randint(0, 3)
        return {"attitude": self.chance.choice(ATTITUDES), "services": ordered}

    # --- tickets ------------------------------------------------------------------------------------

    def submission(self) -> dict[str, Any]:
        said = self.chance.choice(("It is broken", "Any news?"))
        return {
            "category_id": self.category(),
            "subject": said,
            "text": said,
            "urgency": self.chance.choice(URGENCIES),
        }

    def edit(self) -> dict[str, Any]:
        wanted = {
            "subject": "Told anew",
            "category_id": self.category(),
            "urgency": self.chance.choice(URGENCIES),
            "tags": self.chance.sample(TAGS, 2),
        }
        return dict(self.chance.sample(list(wanted.items()), self.chance.randint(1, 3)))
