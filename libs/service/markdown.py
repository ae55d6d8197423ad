"""Markdown as people write it, shown as HTML that is safe on any page: text, lists, quotes, code and links, nothing else.

Raw HTML is shown as it was typed, images as links. What markdown-it makes is cleaned once more by nh3 against the few tags
that it may hold. The time it takes is in proportion to the text, whatever it is: `python -m bench.markdown_bench`.
"""

from collections.abc import Iterable
from html import escape

import nh3
from markdown_it import MarkdownIt

AT_ONCE = 300_000
"""Characters that are rendered for one answer; further texts are shown as they were typed, so that it never takes long."""

_RULES = [
    *("paragraph", "heading", "list", "blockquote", "code", "fence", "hr"),
    *("emphasis", "strikethrough", "backticks", "link", "autolink", "entity", "escape", "newline"),
    *("balance_pairs", "fragments_join"),
]
_TAGS = {"p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote"} | {
    *("pre", "code", "em", "strong", "s", "a")
}
_SCHEMES = {"http", "https", "mailto"}


def _leads_elsewhere(url: str) -> bool:
    """Whether it is a whole address; a relative one would lead to somewhere in the panel."""
    return url.partition(":")[0].lower() in _SCHEMES


_markdown = MarkdownIt("zero", {"breaks": True, "maxNesting": 20}).enable(_RULES)
setattr(_markdown, "validateLink", _leads_elsewhere)  # noqa: B010 - a method to type checkers, and how it is to be told


def rendered(text: str) -> str:
    """The text as HTML."""
    return nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )


def plain(text: str) -> str:
    """The text as it was typed, as HTML."""
    return f"<pre>{escape(text)}</pre>"


def all_rendered(texts: Iterable[str]) -> list[str]:
    """Texts as HTML, the later ones first to be rendered, as they are first to be read."""
    left, shown = AT_ONCE, list[str]()
    for text in reversed(list(texts)):
        left -= len(text)
        shown.append(rendered(text) if left >= 0 else plain(text))
    return shown[::-1]
