import { expect, test } from "vitest";

import { asList, blank, KINDS, turned } from "./conditions";

test("each kind has a part that says nothing yet", () => {
  for (const kind of KINDS) expect(blank(kind).kind).toBe(kind);
});

test("all and any keep what is within them", () => {
  const parts = [blank("urgency"), blank("channel")];
  expect(turned({ kind: "all", of: parts }, "any")).toEqual({ kind: "any", of: parts });
});

test("a part may be denied, and be one of several afterwards", () => {
  const part = { kind: "urgency" as const, values: ["high" as const] };
  const denied = turned(part, "not");
  expect(denied).toEqual({ kind: "not", of: part });
  expect(turned(denied, "any")).toEqual({ kind: "any", of: [part] });
});

test("a rule of one part is shown as a list of one", () => {
  const part = { kind: "attitude" as const, values: ["bad" as const] };
  expect(asList(part).condition).toEqual({ kind: "all", of: [part] });
  expect(asList(undefined).condition).toEqual({ kind: "all", of: [] });
});
