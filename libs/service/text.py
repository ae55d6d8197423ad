"""Text that every part of the suite can hold: PostgreSQL refuses NUL, and UTF-8 has no lone surrogates."""

from typing import Annotated

from pydantic import AfterValidator


def storable(text: str) -> str:
    """Answer the text; ValueError if a part of the suite could not hold it."""
    if "\0" in text:
        raise ValueError("The NUL character is not allowed")
    if not text.isascii():
        _refuse_surrogates(text)
    return text


def _refuse_surrogates(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("Half of a surrogate pair is not a character") from error


Text = Annotated[str, AfterValidator(storable)]
