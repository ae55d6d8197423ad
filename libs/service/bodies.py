"""What requests' bodies have in common: nothing unknown in them, and the types that JSON has.

pydantic would take `1` for true, `"1"` for 1 and 0 for a day in 1970; the JSON Schema that callers go by does not.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function, no_info_before_validator_function


class Body(BaseModel):
    """A request; a misspelt member is an error rather than ignored."""

    model_config = ConfigDict(extra="forbid")


LeftOut: Any = Field(default_factory=lambda: None)
"""Marks a member of a change that may be left out, though null is no value for it."""


def _text(value: Any) -> Any:
    if isinstance(value, int | float):
        raise ValueError("Input should be text")  # noqa: TRY004 - pydantic takes no TypeError
    return value


def _number(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueError("Input should be a number")  # noqa: TRY004 - likewise
    return value


AsNumber = BeforeValidator(_number)
"""Of an integer, behind its bounds: 1 or 1.0, which JSON does not tell apart, and nothing else."""

Flag = Annotated[bool, Strict()]
Number = Annotated[float, Strict()]
Day = Annotated[date, BeforeValidator(_text)]
Instant = Annotated[AwareDatetime, BeforeValidator(_text)]


def _distinct(values: list[Any]) -> list[Any]:
    if len(set(values)) < len(values):
        raise ValueError("Each may be named once only")
    return values


@dataclass(frozen=True)
class _Distinct:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(_distinct, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "uniqueItems": True}


def _plain(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        raise ValueError("Write it out: digits, and maybe a point and more digits")
    return value


@dataclass(frozen=True)
class _Exact:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(_plain, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        bounds = schema["schema"]
        whole, places = bounds["max_digits"] - bounds["decimal_places"], bounds["decimal_places"]
        least = {name: bounds[key] for key, name in _LEAST.items() if key in bounds}
        sign = "" if least else "-?"
        number = {"type": "number", "exclusiveMaximum": 10**whole, "multipleOf": 10**-places}
        return {
            **handler(schema),
            "anyOf": [
                {**number, **(least or {"exclusiveMinimum": -(10**whole)})},
                {"type": "string", "pattern": f"^{sign}[0-9]{{1,{whole}}}(\\.[0-9]{{1,{places}}})?$"},
            ],
        }


_LEAST = {"ge": "minimum", "gt": "exclusiveMinimum"}
Exact = _Exact()
"""Of a decimal, behind its bounds: text is digits and a point, and the document says how many."""
Distinct = _Distinct()
"""Of a list: no value comes twice."""
