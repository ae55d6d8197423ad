"""What an event type is: a pydantic model with a name, a version, an example, and its content marked as such."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Self, get_args

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from libs.events.envelope import Event


@dataclass(frozen=True)
class Content:
    """Marks a field that holds what people wrote, or what tells of them.

    Erasure gives it its default, or else the empty value of its type, which it must accept then.
    """


Written = Annotated[str, Content()]
"""Text that a person wrote."""


class EventData(BaseModel):
    """The payload of one event type and version. Additive change keeps the version; any other makes a new one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    TYPE: ClassVar[str]
    """`<entity>.<what happened>.v<n>`"""
    EXAMPLE: ClassVar[dict[str, Any]]
    PREVIOUS: ClassVar["type[EventData] | None"] = None
    """The version before this one, which `upcast` reads."""

    @classmethod
    def upcast(cls, data: dict[str, Any]) -> dict[str, Any]:
        """This version's payload, made of the payload of PREVIOUS."""
        raise NotImplementedError

    @classmethod
    def redact(cls, data: dict[str, Any]) -> dict[str, Any]:
        """The payload without its content, still valid by its schema."""
        written = content_of(cls)
        return {name: _emptied(cls, name, value) if name in written else value for name, value in data.items()}

    @classmethod
    def example(cls) -> Self:
        return cls.model_validate(cls.EXAMPLE)


@cache
def content_of(model: type[EventData]) -> frozenset[str]:
    """The names of the fields that hold content."""
    return frozenset(name for name, field in model.model_fields.items() if any(map(_is_mark, _marks(field))))


def _marks(field: FieldInfo) -> Iterator[Any]:
    """What a field is annotated with, also where it may be null instead."""
    yield from field.metadata
    for choice in get_args(field.annotation):
        yield from get_args(choice)


def _is_mark(mark: Any) -> bool:
    return isinstance(mark, Content)


def _emptied(model: type[EventData], name: str, value: Any) -> Any:
    field = model.model_fields[name]
    if field.is_required():
        return type(value)()
    return to_jsonable_python(field.get_default(call_default_factory=True, validated_data={}))


class UnknownEventType(LookupError):
    """The catalogue has no such event type."""


class Catalogue:
    """The known event types. What was written in an older version is read as the newest."""

    def __init__(self, models: Iterable[type[EventData]]) -> None:
        self.models = {model.TYPE: model for model in models}
        self._next = {model.PREVIOUS.TYPE: model for model in self.models.values() if model.PREVIOUS is not None}

    def model(self, event_type: str) -> type[EventData]:
        try:
            return self.models[event_type]
        except KeyError:
            raise UnknownEventType(event_type) from None

    def read(self, event: Event) -> EventData:
        """The payload, validated, in its newest version."""
        model, data = self.model(event.type), event.data
        while newer := self._next.get(model.TYPE):
            model, data = newer, newer.upcast(data)
        return model.model_validate(data)

    def redact(self, event_type: str, data: dict[str, Any]) -> dict[str, Any]:
        return self.model(event_type).redact(data)
