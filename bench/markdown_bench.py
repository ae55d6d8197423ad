"""How long the largest text takes to be shown, ordinary ones and those that are made to take long.

Run as `python -m bench.markdown_bench`. Each text is 100,000 characters, the most a message may have; the halves of each
are timed, too: where the whole takes about twice as long, no text of its kind is worse than long.
"""

from time import perf_counter

from bench.results import write
from libs.service.markdown import rendered

LENGTH = 100_000
SHOWN = 8
PARAGRAPH = "Since this morning **nothing** gets through, see [the log](https://x.example/a) and `code`.\n\n"
_REPEATED = (
    *(
        "a",
        "word ",
        "a\n",
        "[",
        "[a](",
        "[]",
        "[a](b)",
        "![",
        '[a](b "c',
        "[a](<b",
        "*",
        "*a ",
        "**a *",
        "a**b",
        "*a_ ",
    ),
    *(
        "`",
        "`` ` ",
        "```\n",
        "~",
        "~~a ",
        "<",
        "<a@b.",
        "<http://a>",
        "&",
        "&#x1;",
        "&ouml;",
        "\\",
        "\n",
        " ",
        "\t",
        "\0",
    ),
    *(">", ">" * 20 + "a\n", "> - ", ">- a\n", "- ", "- a\n", "-\n\n", "1. ", "1. a\n", "# a\n", "---\n", "    a\n"),
    *("a\n=", "[a]: b\n", "a  \n", "<b>"),
)


def texts(length: int = LENGTH) -> dict[str, str]:
    """A name for each text, and the text."""
    named = {repr(part): _filled(part, length) for part in _REPEATED}
    return named | {
        "prose": _filled(PARAGRAPH, length),
        "brackets, closed": "[" * (length // 2) + "]" * (length // 2),
        "links in links": "[a" * (length // 5) + "](b)" * (length // 7),
        "stars, closed": "*a " * (length // 6) + "b* " * (length // 6),
        "longer and longer ticks": "".join("`" * count + " " for count in range(1, int((2 * length) ** 0.5) - 1)),
        "deeper and deeper lists": "".join(" " * depth + "- a\n" for depth in range(int((2 * length) ** 0.5) - 3)),
        "an address without an end": _filled("[a](" + "(" * length, length),
    }


def _filled(part: str, length: int) -> str:
    return (part * (length // len(part) + 1))[:length]


def _seconds(text: str) -> float:
    began = perf_counter()
    rendered(text)
    return perf_counter() - began


def main() -> None:
    halves = texts(LENGTH // 2)
    found = [(_seconds(text), _seconds(halves[name]), name) for name, text in texts().items()]
    worst = sorted(found, reverse=True)[:SHOWN]
    ordinary = [one for one in found if one[2] == "prose"]
    rows = [[name, f"{half:.2f}", f"{whole:.2f}"] for whole, half, name in [*ordinary, *worst]]
    write("markdown", "python -m bench.markdown_bench", ["100,000 characters of", "half, s", "all, s"], rows)


if __name__ == "__main__":
    main()
