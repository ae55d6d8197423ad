"""What is looked for, by what somebody typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.query.domain.search import MOST_MINUSES, Search, folded, parts, pattern


@pytest.mark.parametrize(
    ("text", "head", "last"),
    [
        ("mail", "", "mail"),
        ("mail does", "mail", "does"),
        ("mail or does", "", "does"),
        ('"mail does" not', '"mail does"', "not"),
        ('mail "does not', None, None),
        ("mail -does", None, None),
        ("mail mx1.example.com", None, None),
        ("mail, does", "mail,", "does"),
    ],
)
def test_the_last_word_may_be_the_beginning_of_one(text: str, head: str | None, last: str | None) -> None:
    search = Search(text)
    assert (search.head, search.last) == (head, last)


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("#1001", 1001), ("# 7", None), ("7a", None), ("9" * 19, None), ("٣", None)]
)
def test_a_number_is_one_with_or_without_its_sign(text: str, number: int | None) -> None:
    assert Search(text).number == number


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mail -imap", "mail -imap"),
        ("mail - imap", "mail   imap"),
        ("e-mail", "e-mail"),
        ("--x", " -x"),
        ("- - -", "     "),
    ],
)
def test_a_dash_by_itself_leaves_nothing_out(text: str, words: str) -> None:
    assert Search(text).words == words


@given(st.text(st.sampled_from('-"a or(')))
def test_there_are_never_more_minuses_than_postgresql_bears(text: str) -> None:
    words = Search(text).words
    assert (
        sum(1 for place, char in enumerate(words) if char == "-" and not words[:place][-1:].isalnum()) <= MOST_MINUSES
    )


@given(st.text(), st.text(min_size=3), st.text())
def test_whatever_has_a_text_in_it_has_its_parts(before: str, text: str, after: str) -> None:
    inside = folded(text)
    assert set(parts(inside)) <= set(parts(before + inside + after))


def test_what_like_takes_for_more_than_itself_is_escaped() -> None:
    assert pattern("100%_\\") == "%100\\%\\_\\\\%"
