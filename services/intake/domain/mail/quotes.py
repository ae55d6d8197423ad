"""Folding what a reply quotes at its end: the thread has it already. What is quoted between the lines stays.

Patterns run on RE2, in time proportional to the text; lines are looked at once each.
"""

import re2

_WROTE = (
    *("wrote", "schrieb", "a écrit", "escribió", "ha scritto", "escreveu", "schreef", "napisał", "skrev", "kirjoitti"),
    *("пишет", "писал", "написал", "написав", "yazdı", "写道", "のメール"),  # noqa: RUF001 - Turkish
)
_ATTRIBUTION = re2.compile(rf"(?i)({'|'.join(_WROTE)}).{{0,200}}[:：]\s*$")  # noqa: RUF001 - also the wide colon
_SEPARATOR = re2.compile(
    r"(?i)^\s*-{2,}\s*(original message|ursprüngliche nachricht|message d'origine|mensaje original|messaggio originale"
    r"|oorspronkelijk bericht|исходное сообщение|пересылаемое сообщение)\s*-{2,}\s*$"
)
_RULE = re2.compile(r"^\s*_{20,}\s*$")
_FROM = re2.compile(r"(?i)^\W{0,4}(from|von|de|da|van|от|från|fra|od)\W{0,4}:")
FOLDED = "> […]"
_LOOK_BACK = 3
"""Lines that an attribution may be broken into."""


def folded(text: str) -> str:
    """The text without the quotation at its end, of which a mark is left; whole if nothing else would be left."""
    lines = text.splitlines()
    start = _start_of_quotation(lines)
    if start is None:
        return text
    own = "\n".join(lines[:start]).rstrip()
    return f"{own}\n\n{FOLDED}" if own.strip() else text


def _start_of_quotation(lines: list[str]) -> int | None:
    for index, line in enumerate(lines):
        if _SEPARATOR.search(line) or (_RULE.search(line) and _next_is_from(lines, index)):
            return index
    start = _start_of_trailing(lines)
    return None if start is None else _with_attribution(lines, start)


def _next_is_from(lines: list[str], index: int) -> bool:
    following = next((line for line in lines[index + 1 : index + 4] if line.strip()), "")
    return bool(_FROM.search(following))


def _start_of_trailing(lines: list[str]) -> int | None:
    """Where the lines begin that are all quoted or empty up to the end."""
    start, found = len(lines), False
    while start and (lines[start - 1].lstrip().startswith(">") or not lines[start - 1].strip()):
        start -= 1
        found = found or bool(lines[start].strip())
    return start if found else None


def _with_attribution(lines: list[str], start: int) -> int:
    end = start
    while end and not lines[end - 1].strip():
        end -= 1
    first = end
    while first and end - first <= _LOOK_BACK and lines[first - 1].strip():
        first -= 1
    if end - first <= _LOOK_BACK and _ATTRIBUTION.search(" ".join(lines[first:end])):
        return first
    return end - 1 if end and _ATTRIBUTION.search(lines[end - 1]) else start
