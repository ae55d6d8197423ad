"""`format=flowed`: paragraphs that a mail program broke into lines are paragraphs again, RFC 3676."""

from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.mail.flowed import joined
from services.intake.domain.mail.parsing import parsed
from services.intake.domain.mail.quotes import FOLDED, folded


def text(body: str, parameters: str = "format=flowed") -> str:
    head = f"Content-Type: text/plain; charset=utf-8; {parameters}\r\n\r\n"
    return parsed((head + body.replace("\n", "\r\n")).encode()).text


def test_lines_that_end_with_a_blank_go_on_in_the_next_one() -> None:
    assert text("One long \nparagraph of \nthree lines.\nAnother.\n") == "One long paragraph of three lines.\nAnother."


def test_words_of_languages_without_blanks_are_joined_without_one() -> None:
    assert text("日本 \n語です\n", "format=flowed; delsp=yes") == "日本語です"
    assert text("A word  \nand an unbroken \none\n", "Format=Flowed; DelSp=Yes") == "A word and an unbrokenone"


@pytest.mark.parametrize("parameters", ["format=fixed", "x=y", "delsp=yes", "format=flowed2"])
def test_other_text_keeps_its_lines(parameters: str) -> None:
    assert text("One \ntwo\n", parameters) == "One\ntwo"


def test_a_blank_in_front_is_taken_off_where_it_was_put_in() -> None:
    assert text(" From the start\n >no quotation\n  indented\n") == "From the start\n>no quotation\n indented"


def test_the_signature_s_line_joins_nothing() -> None:
    assert text("Regards, \n-- \nJane\n") == "Regards,\n--\nJane"
    assert text("> quoted \n> -- \n> Jane\n") == "> quoted\n> --\n> Jane"


def test_quotations_are_joined_by_their_depth() -> None:
    body = ">> deep and \n>> long\n> less \n> deep \nmine \nalone\n>\n> old\n"
    assert text(body) == ">> deep and long\n> less deep\nmine alone\n>\n> old"


def test_an_empty_line_is_seen_also_behind_a_stray_blank() -> None:
    assert text("One. \n\nTwo.\n") == "One.\n\nTwo."


def test_quotations_are_folded_after_they_were_joined() -> None:
    attribution = "On Mon, 5 Jan 2026 at 10:00, Support of the very long named provider \n<support@p.example> wrote: \n"
    assert (
        folded(text(f"It works. \nThank you!\n\n{attribution}\n> old and \n> long\n"))
        == f"It works. Thank you!\n\n{FOLDED}"
    )


def test_an_answer_that_was_broken_behind_a_greater_than_sign_is_no_quotation() -> None:
    assert folded(text("The load is \n >90 % since then.\n")) == "The load is >90 % since then."


@given(st.lists(st.text(alphabet="ab> -", max_size=8)), st.booleans())
def test_nothing_is_lost_but_blanks_and_marks(lines: list[str], deletes: bool) -> None:  # noqa: FBT001
    text = "\n".join(lines)
    left = joined(text, deletes_spaces=deletes)
    for letter in "ab-":
        assert left.count(letter) == text.count(letter)
    assert left.count("\n") <= text.count("\n")


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\r\n", codec="utf-8"))))
def test_text_whose_lines_end_without_a_blank_and_begin_with_neither_stays_as_it_is(lines: list[str]) -> None:
    fixed = "\n".join(line.strip(" >") for line in lines)
    assert joined(fixed, deletes_spaces=False) == fixed


@pytest.mark.parametrize("body", ["a \n" * 100_000, "> " * 100_000, ">" * 200_000, " \n" * 100_000])
def test_it_takes_time_in_proportion_to_the_text(body: str) -> None:
    begun = monotonic()
    joined(body, deletes_spaces=True)
    assert monotonic() - begun < 5
