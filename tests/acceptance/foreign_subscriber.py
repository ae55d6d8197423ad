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


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(document: dict[str, Any], folder: Path, url: str, event_type: str) -> None:
    channel = channel_of(document, event_type)
    subject = re.sub(r"{\w+}", "*", channel["address"])
    client = await nats.connect(url)
    subscription = await client.subscribe(subject)
    await client.flush()
    say("listening")
    async for message in subscription.messages:
        event = json.loads(message.data)
        if event["type"] == event_type:
            checker = jsonschema.FormatChecker()
            schema = schema_of(document, folder, event_type)
            jsonschema.Draft202012Validator(schema, format_checker=checker).validate(event)
            say(json.dumps(event))
            break
    await client.close()


if __name__ == "__main__":
    contract = Path(sys.argv[1])
    asyncio.run(main(json.loads(contract.read_text()), contract.parent, sys.argv[2], sys.argv[3]))
