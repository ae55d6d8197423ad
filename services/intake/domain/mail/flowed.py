"""Lines that a mail program broke to fit a screen, joined again to paragraphs: `format=flowed` of RFC 3676."""

from collections.abc import Iterator
from dataclasses import dataclass, field

_SIGNATURE = "-- "


def joined(text: str, *, deletes_spaces: bool) -> str:
    """The text with a paragraph a line, and quoted ones behind their marks; `deletes_spaces` is the parameter `DelSp`.

    Trailing blanks are kept where they join nothing.
    """
    return "\n".join(_paragraphs(text.replace("\r\n", "\n").split("\n"), deletes_spaces=deletes_spaces))


@dataclass
class _Paragraph:
    """Lines of one depth of quotation that are not at their end yet."""

    depth: int = 0
    lines: list[str] = field(default_factory=list)

    def ended(self) -> Iterator[str]:
        if self.lines:
            yield _quoted(self.depth, "".join(self.lines))
            self.lines = []


def _paragraphs(lines: list[str], *, deletes_spaces: bool) -> Iterator[str]:
    open_one = _Paragraph()
    for line in lines:
        depth, content = _unquoted(line)
        # Another depth ends a paragraph whatever its last line says (4.5), as do signatures (4.3) and, beyond the letter, an
        # empty line: it is there to be seen.
        if depth != open_one.depth or content in {"", _SIGNATURE}:
            yield from open_one.ended()
        flows = content.endswith(" ") and content != _SIGNATURE
        open_one.depth = depth
        open_one.lines.append(content[:-1] if flows and deletes_spaces else content)
        if not flows:
            yield from open_one.ended()
    yield from open_one.ended()


def _unquoted(line: str) -> tuple[int, str]:
    """How deep it is quoted, and what it says without the blank that was put in front (4.4)."""
    content = line.lstrip(">")
    return len(line) - len(content), content.removeprefix(" ")


def _quoted(depth: int, content: str) -> str:
    return f"{'>' * depth} {content}" if depth and content else ">" * depth + content
