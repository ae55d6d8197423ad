"""Public holidays by country and subdivision, as the `holidays` library knows them.

What it says about a year may change with its version, when a parliament has decided or a mistake was found. So whoever
relies on a holiday keeps what was said.
"""

from datetime import date
from functools import cache
from typing import Self

import holidays
from pydantic import BaseModel, ConfigDict, Field, model_validator

Named = dict[date, str]
"""Dates, and what is celebrated."""


class Region(BaseModel):
    """A country by ISO 3166-1 alpha-2, and a part of it by ISO 3166-2 without the country, or as the library calls it."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_extra={"example": {"country": "DE", "subdivision": "BE"}}
    )

    country: str = Field(pattern="^[A-Z]{2}$")
    subdivision: str | None = Field(None, max_length=100)

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        parts = regions().get(self.country)
        if parts is None:
            raise ValueError(f"No public holidays of {self.country} are known")
        if self.subdivision is not None and self.subdivision not in parts:
            raise ValueError(f"{self.country} has no subdivision {self.subdivision} with holidays of its own")
        return self


@cache
def regions() -> dict[str, tuple[str, ...]]:
    """Countries and their subdivisions."""
    known = holidays.list_supported_countries(include_aliases=False)
    return {country: tuple(parts) for country, parts in sorted(known.items()) if len(country) == 2}  # noqa: PLR2004 - alpha-2


def holidays_of(country: str, subdivision: str | None, years: range) -> Named:
    """In the order of their dates, named in English where the library can; none of a region that it does not know.

    A holiday may be kept on another date than its own, and so in the year before or after.
    """
    parts = regions().get(country)
    if parts is None or subdivision not in {None, *parts}:
        return {}
    around = range(years.start - 1, years.stop + 1)
    found = holidays.country_holidays(country, subdiv=subdivision, years=around, language=_english(country))
    return {day: found[day] for day in sorted(found) if day.year in years}


def _english(country: str) -> str | None:
    known = holidays.list_localized_countries().get(country, [])
    return next((language for language in known if language.startswith("en")), None)
