"""What people write is shown as HTML that can do no harm, and showing it never takes long."""

import re
import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.markdown_bench import texts
from libs.service import markdown
from libs.service.markdown import all_rendered, plain, rendered

REL = 'rel="nofollow noopener noreferrer"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("**a** *b* ~~c~~ `d<`", "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d&lt;</code></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>\n'),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>\n"),
        ("```sh\nls <x>\n```", "<pre><code>ls &lt;x&gt;\n</code></pre>\n"),
        ('[a](https://x.example/?a=1&b=2 "title")', f'<p><a href="https://x.example/?a=1&amp;b=2" {REL}>a</a></p>\n'),
        ("<mailto:a@x.example>", f'<p><a href="mailto:a@x.example" {REL}>mailto:a@x.example</a></p>\n'),
        ("![seen](https://x.example/pixel.gif)", f'<p>!<a href="https://x.example/pixel.gif" {REL}>seen</a></p>\n'),
        ("<b onclick=x>a</b>", "<p>&lt;b onclick=x&gt;a&lt;/b&gt;</p>\n"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
        ("[a](JaVaScRiPt&colon;alert(1))", "<p>[a](JaVaScRiPt:alert(1))</p>\n"),
        ("[a](data:text/html,x)", "<p>[a](data:text/html,x)</p>\n"),
        ("[a](/api/accounts/session)", "<p>[a](/api/accounts/session)</p>\n"),
        ("[a](//x.example)", "<p>[a](//x.example)</p>\n"),
        ("", ""),
    ],
)
def test_markdown_is_shown_so(text: str, html: str) -> None:
    assert rendered(text) == html


_marks = st.sampled_from(
    [
        *(
            "<",
            ">",
            "[",
            "]",
            "(",
            ")",
            "!",
            "*",
            "_",
            "`",
            "\n",
            "\\",
            '"',
            "'",
            "&",
            ":",
            "/",
            "a",
            " ",
            "script",
            "img",
        ),
        *("javascript:", "https://x", "onload=", "<svg", "</", "- ", "> ", "#"),
    ]
)


@given(st.lists(_marks, max_size=40).map("".join))
def test_whatever_is_written_only_harmless_tags_come_of_it(text: str) -> None:
    allowed = r"<(?:/?(?:p|ul|ol|li|blockquote|pre|code|em|strong|s|h[1-6]|br|hr)|/a|ol start=\"\d+\""
    allowed += r"|a(?: href=\"(?:https?|mailto):[^\"<>]*\")? rel=\"nofollow noopener noreferrer\")>"
    assert "<" not in re.sub(allowed, "", rendered(text))


def lines_of_python(text: str) -> int:
    """How many lines it takes to render a text, which is the same on any machine."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal counted
        counted += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        rendered(text)
    finally:
        sys.settrace(before)
    return counted


@pytest.mark.parametrize("name", texts(1))
def test_twice_the_text_takes_about_twice_the_work(name: str) -> None:
    once, twice = (lines_of_python(texts(length)[name]) for length in (800, 1600))
    assert twice < 2.7 * once


@pytest.mark.parametrize("name", ["prose", "'['", "'1. a\\n'", "brackets, closed", "'&ouml;'"])
def test_the_largest_message_is_shown(name: str) -> None:
    """The suite's time-out is what would tell of regular expressions and cleaning that take the square of its length."""
    rendered(texts()[name])


def test_of_very_much_text_the_latest_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "AT_ONCE", 10)
    assert all_rendered(["*old* <b>", "*new*", "*b*"]) == [
        plain("*old* <b>"),
        "<p><em>new</em></p>\n",
        "<p><em>b</em></p>\n",
    ]
    assert plain("*old* <b>") == "<pre>*old* &lt;b&gt;</pre>"
