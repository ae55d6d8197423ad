"""Regular expressions that cannot run away: RE2 takes time linear in the text, and refuses what would not be."""

from collections.abc import Callable

import re2

_OPTIONS = re2.Options()
_OPTIONS.max_mem = 1 << 20
_OPTIONS.log_errors = False


class RefusedPattern(ValueError):
    """RE2 does not take this for a pattern; its reason is the error's text."""


def searching(pattern: str) -> Callable[[str], bool]:
    """Whether the pattern is found anywhere in a text. Raises RefusedPattern."""
    try:
        found = re2.compile(pattern, _OPTIONS)
    except re2.error as error:
        reason = error.args[0]
        raise RefusedPattern(reason.decode() if isinstance(reason, bytes) else str(reason)) from None
    return lambda text: found.search(text) is not None
