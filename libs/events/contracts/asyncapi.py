"""The AsyncAPI 3 document: where on NATS which events are, for systems that have never seen this code."""

from typing import Any

from libs.events.catalogue.base import EventData
from libs.events.contracts.schemas import described, example
from libs.events.progress import Complete, Consumed
from libs.events.transport import Names

SCHEMA_FORMAT = "application/schema+json;version=2020-12"

_INFO = """\
Events of the helpdesk as CloudEvents 1.0 in structured JSON, in one JetStream stream per service, in the order of that
service's log. Each names its predecessor's position: whoever needs them all compares it with the position read last and
fills a gap, and what is older than the stream reaches, from the log feed over HTTP (`GET /api/<service>/log`).

Connect as the user `events`, who may read and nothing else: subscribe to a channel's address (each parameter as `*`) to get
events as they happen; read stored ones by direct get from the channel's stream in the JetStream domain `helpdesk`.
"""


def document(by_service: dict[str, list[type[EventData]]], version: str) -> dict[str, Any]:
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    for service, models in by_service.items():
        channels[service] = _events_channel(service, models)
        channels[f"{service}_progress"] = _progress_channel(service)
        operations[f"receive_{service}"] = _receive(service, f"What {service} tells")
        operations[f"receive_{service}_progress"] = _receive(
            f"{service}_progress", f"How far {service}'s log is complete"
        )
        messages |= {model.TYPE: _message(model, service) for model in models}
    messages |= {"log.complete": _marker(Complete), "log.consumed": _marker(Consumed)}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Helpdesk events", "version": version, "description": _INFO},
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def _events_channel(service: str, models: list[type[EventData]]) -> dict[str, Any]:
    return {
        "address": f"helpdesk.{service}.{{partition}}.{{entity}}.{{id}}.{{event}}",
        "description": f"JetStream stream `{Names().stream(service)}`",
        "parameters": {
            "partition": {"description": "0 to 15: CRC-32 of the id's text modulo 16"},
            "entity": {"description": "Kind of the entity, as in the type's first part"},
            "id": {"description": "The entity's id"},
            "event": {"description": "What happened, as in the type's second part"},
        },
        "messages": {_key(model): {"$ref": f"#/components/messages/{model.TYPE}"} for model in models},
    }


def _progress_channel(service: str) -> dict[str, Any]:
    names = ("log.complete", "log.consumed")
    return {
        "address": f"helpdesk.{service}.progress.{{kind}}",
        "description": "Core NATS, not stored: hints, about every second",
        "parameters": {"kind": {"description": "complete or consumed"}},
        "messages": {name.replace(".", "_"): {"$ref": f"#/components/messages/{name}"} for name in names},
    }


def _receive(channel: str, summary: str) -> dict[str, Any]:
    return {"action": "receive", "channel": {"$ref": f"#/channels/{channel}"}, "summary": summary}


def _message(model: type[EventData], service: str) -> dict[str, Any]:
    return {
        "name": model.TYPE,
        "summary": described(model).split("\n", 1)[0],
        "contentType": "application/cloudevents+json",
        "payload": {"schemaFormat": SCHEMA_FORMAT, "schema": {"$ref": f"schemas/{model.TYPE}.json"}},
        "examples": [{"name": model.TYPE, "payload": example(model, service)}],
    }


def _marker(model: type[Complete] | type[Consumed]) -> dict[str, Any]:
    return {
        "name": f"log.{model.__name__.lower()}",
        "summary": described(model),
        "contentType": "application/json",
        "payload": model.model_json_schema(),
    }


def _key(model: type[EventData]) -> str:
    return model.TYPE.replace(".", "_")
