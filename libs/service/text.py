"""Text that every part of the suite can hold: PostgreSQL refuses NUL, and UTF-8 has no lone surrogates.

The patterns are for the documentation; what they cannot say (a lone surrogate is no text at all) is refused all the same.
"""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

ANY = r"^[^\x00]*$"
NOT_BLANK = r"^[^\x00]*[^\s\x00][^\x00]*$"


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


Storable = AfterValidator(storable)
NotBlank = Field(json_schema_extra={"pattern": NOT_BLANK})
"""Says of a text that is stripped that something has to be left."""

Text = Annotated[str, Storable, Field(json_schema_extra={"pattern": ANY})]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Storable, NotBlank]
