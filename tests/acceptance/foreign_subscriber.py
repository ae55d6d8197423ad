"""A system that has never seen this code: it knows the AsyncAPI document, the schemas beside it, and how to reach NATS.

python foreign_subscriber.py <asyncapi.json> <nats url> <type>

Prints "listening", then the first event of that type, once it is valid by its schema. Uses nothing of the helpdesk.
"""

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any

import jsonschema
import nats
from nats.js.api import DeliverPolicy


def channel_of(document: dict[str, Any], event_type: str) -> dict[str, Any]:
    reference = f"#/components/messages/{event_type}"
    for channel in document["channels"].values():
        if reference in (message["$ref"] for message in channel["messages"].values()):
            found: dict[str, Any] = channel
            return found
    raise LookupError(event_type)


def schema_of(document: dict[str, Any], folder: Path, event_type: str) -> Any:
    payload = document["components"]["messages"][event_type]["payload"]
    return json.loads((folder / payload["schema"]["$ref"]).read_text())


async def main(contract: Path, url: str, event_type: str) -> None:
    document = json.loads(contract.read_text())
    channel = channel_of(document, event_type)
    subject = re.sub(r"{\w+}", "*", channel["address"])
    stream = re.search(r"`(\w+)`", channel["description"])
    assert stream is not None
    client = await nats.connect(url)
    subscription = await client.jetstream().subscribe(
        subject, stream=stream[1], ordered_consumer=True, deliver_policy=DeliverPolicy.NEW
    )
    print("listening", flush=True)
    async for message in subscription.messages:
        event = json.loads(message.data)
        if event["type"] == event_type:
            checker = jsonschema.FormatChecker()
            schema = schema_of(document, contract.parent, event_type)
            jsonschema.Draft202012Validator(schema, format_checker=checker).validate(event)
            print(json.dumps(event), flush=True)
            break
    await client.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
