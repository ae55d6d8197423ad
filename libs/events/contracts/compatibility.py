"""Whether a schema still promises what it promised: what was there stays, with the same type; new things may come."""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]


def broken_promises(old: Schema, new: Schema) -> list[str]:
    """What a reader of `old` could trip over in `new`, each with where it is; empty when the change is additive."""
    return list(_compare(old, new, old, new, "", frozenset()))


def _compare(
    old: Schema, new: Schema, old_root: Schema, new_root: Schema, at: str, seen: frozenset[str]
) -> Iterator[str]:
    if (reference := old.get("$ref")) in seen and reference:
        return
    seen |= {reference} if reference else set()
    old, new = _resolve(old, old_root), _resolve(new, new_root)
    yield from _kinds(old, new, at)
    yield from _members(old, new, old_root, new_root, at, seen)
    if "items" in old:
        yield from _compare(old["items"], new.get("items", {}), old_root, new_root, f"{at}[]", seen)


def _kinds(old: Schema, new: Schema, at: str) -> Iterator[str]:
    if added := _types(new, {}) - _types(old, {}):
        yield f"{at or '/'}: may now also be {', '.join(sorted(added))}"
    if "const" in old and old["const"] != new.get("const"):
        yield f"{at}: was always {old['const']!r}"
    if "enum" in old and not set(new.get("enum", ())) <= set(old["enum"]):
        yield f"{at}: has new values {sorted(set(new.get('enum', ())) - set(old['enum']))}"
    if old.get("format") != new.get("format"):
        yield f"{at}: had the format {old.get('format')}"


def _members(
    old: Schema, new: Schema, old_root: Schema, new_root: Schema, at: str, seen: frozenset[str]
) -> Iterator[str]:
    required = set(new.get("required", ()))
    for name, member in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            yield f"{at}/{name}: is gone"
            continue
        if name in old.get("required", ()) and name not in required:
            yield f"{at}/{name}: may now be missing"
        yield from _compare(member, new["properties"][name], old_root, new_root, f"{at}/{name}", seen)


def _types(schema: Schema, root: Schema) -> set[str]:
    """JSON types a value may have; a schema that says nothing is not compared."""
    if "anyOf" in schema:
        return {kind for choice in schema["anyOf"] for kind in _types(_resolve(choice, root), root)}
    kind = schema.get("type")
    return set(kind) if isinstance(kind, list) else {kind} if kind else set()


def _resolve(schema: Schema, root: Schema) -> Schema:
    reference: str | None = schema.get("$ref")
    if reference is None or not root:
        return schema
    found: Schema = root.get("$defs", {})[reference.rsplit("/", 1)[-1]]
    return found
