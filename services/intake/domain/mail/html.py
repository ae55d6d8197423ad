"""HTML to Markdown that is as safe as what people type: cleaned first, so that nothing active is ever looked at."""

from html import unescape

import nh3
from markdownify import MarkdownConverter

LONGEST = 300_000
"""Characters of HTML that are read, which takes some seconds at worst; a longer part is kept as a file besides."""

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("em", "i", "strong", "b", "s", "del", "a", "div", "span", "table", "thead", "tbody", "tr", "td", "th", "img"),
}
_DROPPED = {"script", "style", "title", "head", "noscript", "template", "textarea", "select", "svg", "math"}
_SCHEMES = {"http", "https", "mailto"}


class _Converter(MarkdownConverter):
    """Images are named, not shown: what belongs to the mail is attached, what does not would tell that it was read."""

    def convert_img(self, el: object, text: str, parent_tags: object) -> str:  # noqa: ARG002 - the library's signature
        alt = getattr(el, "attrs", {}).get("alt") or ""
        return f"[{' '.join(str(alt).split())}]" if str(alt).strip() else ""


def markdown(html: str) -> str:
    """The text of it; raises nothing."""
    safe = nh3.clean(
        html[:LONGEST],
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes={"a": {"href"}, "img": {"alt"}},
        url_schemes=_SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    try:
        found: str = _Converter(heading_style="ATX", bullets="-").convert(safe)
    except RecursionError:  # nested deeper than any letter
        found = unescape(nh3.clean(safe, tags=set()))
    lines = [line.rstrip() for line in found.replace("\xa0", " ").splitlines()]
    return _spaced("\n".join(lines))


def _spaced(text: str) -> str:
    """No more than one empty line at a time: layout tables leave dozens."""
    kept: list[str] = []
    for line in text.split("\n"):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
