"""A run with its report: what is needed to look into a failure and to have it again."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.faults.plan import Plan
from tests.faults.simulation import simulate
from tests.infrastructure.folders import server_folder

_MOST = 20


@dataclass(frozen=True)
class Outcome:
    plan: Plan
    violations: list[str]
    logs: Path | None = None
    """The processes' output, kept of a run that failed."""

    @property
    def ok(self) -> bool:
        return not self.violations

    @property
    def report(self) -> str:
        lines = [*self.violations[:_MOST], f"… {len(self.violations)} violations, logs in {self.logs}"]
        return "\n".join([*lines, f"again: python -m tests.faults --plan '{self.plan.dump()}'"])


async def run(plan: Plan, broken: str | None = None) -> Outcome:
    with server_folder() as folder:
        violations = await simulate(plan, folder, broken)
        return Outcome(plan, violations, _keep_logs(folder, plan) if violations else None)


def _keep_logs(folder: Path, plan: Plan) -> Path:
    kept = Path(tempfile.mkdtemp(prefix=f"faults-{plan.seed}-"))
    for log in folder.glob("*.log"):
        shutil.copy(log, kept)
    return kept
