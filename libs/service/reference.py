"""Write `docs/settings.md`, `docs/metrics.md` and `docs/rights.md` from the code: `python -m libs.service.reference`."""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from libs.service.metrics import CATALOGUE
from libs.service.rights import GENERAL, GENERAL_RIGHTS, TICKET_RIGHTS, Right, Role, Where
from libs.service.settings import ServiceSettings

_TYPE_NAMES: dict[type, str] = {
    SecretStr: "secret",
    str: "text",
    int: "integer",
    float: "number",
    bool: "true or false",
    Path: "file",
}
ROOT = Path(__file__).parents[2]


def documents() -> dict[Path, str]:
    """Answer what each generated file should hold."""
    docs = ROOT / "docs"
    return {
        docs / "settings.md": settings_document(),
        docs / "metrics.md": metrics_document(),
        docs / "rights.md": rights_document(),
    }


def main() -> None:
    for path, text in documents().items():
        path.write_text(text)


# --- settings --------------------------------------------------------------------------------
def service_settings() -> dict[str, type[ServiceSettings]]:
    """Find the services' own settings; by name at run time, because this package knows no service."""
    found = {}
    for file in sorted(ROOT.glob("services/*/settings.py")):
        module = import_module(f"services.{file.parent.name}.settings")
        for kind in vars(module).values():
            if isinstance(kind, type) and kind.__module__ == module.__name__ and issubclass(kind, ServiceSettings):
                found[file.parent.name] = kind
    return found


def settings_document() -> str:
    lines = [
        "# Settings",
        "",
        "Environment variables. Made by `python -m libs.service.reference`; change the code, not this file.",
        "",
        "## Every service",
        "",
        *_settings_table(ServiceSettings.model_fields),
    ]
    for name, kind in service_settings().items():
        own = {key: field for key, field in kind.model_fields.items() if key not in ServiceSettings.model_fields}
        if own:
            lines += ["", f"## {name}", "", *_settings_table(own)]
    return "\n".join(lines) + "\n"


def _settings_table(fields: dict[str, FieldInfo]) -> list[str]:
    rows = [
        (f"`HELPDESK_{name.upper()}`", _type(field.annotation), _default(field), _cell(field.description or ""))
        for name, field in fields.items()
    ]
    return ["| name | type | default | meaning |", "|---|---|---|---|", *map(_row, rows)]


def _type(annotation: object) -> str:
    """Name a setting's type for operators, without what only Python needs."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(inner[0])
    if origin is Literal:
        return " or ".join(f"`{choice}`" for choice in inner)
    if origin in {Union, UnionType}:
        return " or ".join(_type(one) for one in inner if one is not NoneType)
    if isinstance(annotation, type):
        return _TYPE_NAMES.get(annotation, annotation.__name__)
    return f"`{annotation}`"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**needed**"
    value = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return "" if value is None else f"`{_cell(str(value))}`"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


# --- metrics ---------------------------------------------------------------------------------
def metrics_document() -> str:
    rows = [
        (f"`{entry.name}`", entry.kind, ", ".join(f"`{label}`" for label in entry.labels), entry.help)
        for entry in CATALOGUE
    ]
    lines = [
        "# Metrics",
        "",
        "At `/metrics` of every process, with Prometheus' usual `process_*` and `python_info`.",
        "Made by `python -m libs.service.reference`; change the code, not this file.",
        "",
        "| name | kind | labels | meaning |",
        "|---|---|---|---|",
        *map(_row, rows),
    ]
    return "\n".join(lines) + "\n"


# --- rights ----------------------------------------------------------------------------------
_WHERE: dict[Where, str] = {
    Where.HEADED: "in a department that they head",
    Where.OWN: "in a department that they are a member of",
    Where.ASSIGNED: "assigned to them, wherever it is",
    Where.UNPLACED: "in no department yet",
    Where.ELSEWHERE: "anywhere else",
}


def rights_document() -> str:
    lines = [
        "# Rights of the staff",
        "",
        "Made by `python -m libs.service.reference` from `libs/service/rights.py`; change the code, not this file.",
        "What each route asks of whom is in [access.md](access.md).",
        "",
        "## On a ticket",
        "",
        "By role and by where the ticket is, as seen by the administrator; where several hold, the rights add up. Without",
        "`read` a ticket is not there for them: not in lists, details, history, live updates or attachments.",
        "",
        _row(["role", "the ticket is", *(f"`{right}`" for right in Right if right not in GENERAL)]),
        _row(["---"] * (2 + len(Right) - len(GENERAL))),
        *(_row([role, _WHERE[where], *_ticks(role, where)]) for role in Role for where in Where),
        "",
        "## Everywhere",
        "",
        _row(["role", *(f"`{right}`" for right in Right if right in GENERAL)]),
        _row(["---"] * (1 + len(GENERAL))),
        *(
            _row([role, *(_tick(right in GENERAL_RIGHTS[role]) for right in Right if right in GENERAL)])
            for role in Role
        ),
        "",
        "Single rights beyond a role's can be given to an administrator (`rights`): one on tickets holds wherever the role",
        "lets them read.",
        "",
        "## On a view",
        "",
        "A view is its maker's, who may delete it or take it back whatever becomes of their rights; to others it is not",
        "there unless it is shared. A shared one is changed and deleted also by whoever may share it so:",
        "",
        "| shared with | is seen by | may be shared, and once shared changed and deleted, by |",
        "|---|---|---|",
        "| nobody | its maker |  |",
        "| departments | their members and heads | who heads all of them, or has `manage_settings` |",
        "| everybody | all of the staff, and systems with `tickets:read` | who has `manage_settings` |",
        "",
        "What a view shows is what its reader may see: sharing one gives no right on any ticket.",
    ]
    return "\n".join(lines) + "\n"


def _ticks(role: Role, where: Where) -> Iterable[str]:
    given = TICKET_RIGHTS[role].get(where, frozenset())
    return (_tick(right in given) for right in Right if right not in GENERAL)


def _tick(given: bool) -> str:  # noqa: FBT001
    return "yes" if given else ""


if __name__ == "__main__":
    main()
