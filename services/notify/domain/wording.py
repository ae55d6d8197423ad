"""Templates: a subject and a Markdown body in a small part of Jinja, checked before it is kept.

What a template may hold is a short list: values and their attributes, a few filters and tests, `if`. No loops, no calls, no
arithmetic: so it always ends, makes no more than what is put in, and reaches nothing else. The sandbox is the second wall.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST_SUBJECT = 300
LONGEST_BODY = 20_000
_NODES = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const),
    *(nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test),
)
_FILTERS = ("default", "lower", "upper", "trim", "capitalize")
_TESTS = ("defined", "none", "undefined")

_RU_MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
_EN_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTHS: Mapping[str, tuple[str, ...]] = {"en": _EN_MONTHS, "ru": _RU_MONTHS}


class Unfit(Exception):
    """A template that says what it may not, or what nobody knows. Its text says where and what."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says: a subject in one line, and Markdown."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A template as it is written."""

    subject: str
    body: str

    def filled(self, values: Mapping[str, Any]) -> Words:
        """Raises Unfit when something is missing."""
        try:
            subject = _compiled(self.subject).render(values)
            return Words(" ".join(subject.split())[:LONGEST_SUBJECT], _compiled(self.body).render(values).strip())
        except (TemplateError, ValueError, TypeError, RecursionError) as error:
            raise Unfit(str(error)) from None

    def check(self, example: Mapping[str, Any]) -> None:
        """Raise Unfit for what could not be filled in, whatever the `if`s in it say."""
        for name, text in (("subject", self.subject), ("body", self.body)):
            try:
                tree = _environment.parse(text)
                _check_nodes(tree)
                _check_names(tree, example)
            except (TemplateError, RecursionError) as error:
                line = getattr(error, "lineno", None)
                raise Unfit(f"{name}{f', line {line}' if line else ''}: {error}") from None
            except Unfit as error:
                raise Unfit(f"{name}{error}") from None
        if not self.filled(example).subject:
            raise Unfit("subject: it is empty")


def date_words(instant: datetime, language: str, zone: ZoneInfo) -> str:
    """An instant as people write it, with the zone it is told in."""
    local = instant.astimezone(zone)
    month = _MONTHS.get(language, _EN_MONTHS)[local.month - 1]
    return f"{local.day} {month} {local.year}, {local:%H:%M} ({local.tzname()})"


def _check_nodes(tree: nodes.Template) -> None:
    for node in (tree, *tree.find_all(nodes.Node)):
        if type(node) not in _NODES:
            raise Unfit(f", line {node.lineno}: {type(node).__name__.lower()} is not for templates")
        if isinstance(node, nodes.Filter) and (node.name not in _FILTERS or node.dyn_args or node.dyn_kwargs):
            raise Unfit(f", line {node.lineno}: there is no filter {node.name}")
        if isinstance(node, nodes.Test) and node.name not in _TESTS:
            raise Unfit(f", line {node.lineno}: there is no test {node.name}")
        if isinstance(node, nodes.Name) and node.ctx != "load":
            raise Unfit(f", line {node.lineno}: nothing is set in templates")


def _check_names(tree: nodes.Template, example: Mapping[str, Any]) -> None:
    for name in tree.find_all(nodes.Name):
        if name.name not in example:
            raise Unfit(f", line {name.lineno}: there is no {name.name}")
    for member in tree.find_all(nodes.Getattr):
        owner = example.get(member.node.name) if isinstance(member.node, nodes.Name) else None
        if not isinstance(owner, Mapping) or member.attr not in owner:
            raise Unfit(f", line {member.lineno}: there is no {member.attr} here")


_environment = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
)
_environment.globals.clear()
_environment.filters = {name: _environment.filters[name] for name in _FILTERS}
_environment.tests = {name: _environment.tests[name] for name in _TESTS}


@lru_cache(512)
def _compiled_once(text: str) -> Template:
    return _environment.from_string(text)


def _compiled(text: str) -> Template:
    _check_nodes(_environment.parse(text))  # also what was kept before the list was what it is
    return _compiled_once(text)
