"""What the outside may rely on is what the code says, and stays so."""

from copy import deepcopy
from typing import Any

import jsonschema
import orjson
import pytest

from libs.events.catalogue import BY_SERVICE, CATALOGUE, content_of
from libs.events.contracts import __main__ as generator
from libs.events.contracts import asyncapi, schemas
from libs.events.contracts.compatibility import broken_promises

EMPTY: list[Any] = ["", [], None, "0", "neutral"]
TYPES = [(service, model) for service, models in BY_SERVICE.items() for model in models]
SCHEMA = schemas.schema(CATALOGUE.model("ticket.opened.v1"), "intake")


@pytest.mark.parametrize(("service", "model"), TYPES, ids=[model.TYPE for _, model in TYPES])
def test_every_example_is_valid_by_its_schema(service: str, model: Any) -> None:
    schema = schemas.schema(model, service)
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(schemas.example(model, service))


@pytest.mark.parametrize(("service", "model"), TYPES, ids=[model.TYPE for _, model in TYPES])
def test_every_redacted_event_is_valid_by_its_schema_and_empty_of_content(service: str, model: Any) -> None:
    event = schemas.example(model, service)
    event["data"] = model.redact(event["data"])
    event["redacted"] = True
    jsonschema.Draft202012Validator(schemas.schema(model, service)).validate(event)
    assert all(event["data"][name] in EMPTY for name in content_of(model))


def test_of_an_erased_account_nothing_is_told_but_that_it_was_there() -> None:
    told = CATALOGUE.model("account.changed.v1")
    left = {name: value for name, value in told.redact(dict(told.EXAMPLE)).items() if value not in EMPTY}
    assert left == {"enabled": True}


def test_of_an_erased_user_nothing_is_told_but_the_account() -> None:
    told = CATALOGUE.model("user.changed.v1")
    left = {name: value for name, value in told.redact(dict(told.EXAMPLE)).items() if value not in EMPTY}
    assert left == {"account_id": told.EXAMPLE["account_id"], "enabled": True}


def test_committed_contracts_are_what_the_code_says() -> None:
    wrong = [str(path) for path, content in generator.files() if path.read_bytes() != content]
    assert wrong == []


def test_every_type_is_in_the_asyncapi_document_in_its_service_s_channel() -> None:
    document = asyncapi.document(BY_SERVICE, "1")
    for service, model in TYPES:
        listed = document["channels"][service]["messages"].values()
        assert {"$ref": f"#/components/messages/{model.TYPE}"} in listed
        assert model.TYPE in document["components"]["messages"]


def changed(edit: Any) -> list[str]:
    new = deepcopy(SCHEMA)
    edit(new["properties"]["data"])
    return broken_promises(SCHEMA, orjson.loads(orjson.dumps(new)))


def test_an_added_field_breaks_nothing() -> None:
    assert changed(lambda data: data["properties"].update(mood={"type": "string"})) == []


def test_a_removed_field_is_a_broken_promise() -> None:
    assert changed(lambda data: data["properties"].pop("number")) == ["/data/number: is gone"]


def test_a_field_that_may_now_be_missing_is_a_broken_promise() -> None:
    assert changed(lambda data: data["required"].remove("number")) == ["/data/number: may now be missing"]


def test_a_field_of_another_type_is_a_broken_promise() -> None:
    found = changed(lambda data: data["properties"]["number"].update(type="string"))
    assert found == ["/data/number: may now also be string"]


def test_a_field_that_may_now_be_null_is_a_broken_promise() -> None:
    found = changed(lambda data: data["properties"].update(text={"anyOf": [{"type": "string"}, {"type": "null"}]}))
    assert found == ["/data/text: may now also be null"]
