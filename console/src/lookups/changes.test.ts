import { expect, test } from "vitest";

import { actorOf, keyOf, shownValue } from "./changes";

test("an event is known by its type, whichever the version", () => {
  expect(keyOf("ticket.auto_close_warned.v2")).toBe("ticket_auto_close_warned");
});

test("people are called by their names, systems by their keys, the product is nobody", () => {
  expect(actorOf("user:1", { 1: "Ann" })).toBe("Ann");
  expect(actorOf("system:monitoring", {})).toBe("monitoring");
  expect(actorOf("service:routing", {})).toBeNull();
});

test("instants are told as the viewer's clock has them", () => {
  expect(shownValue("2026-01-05T09:00:00.000000Z", {}, () => "10:00")).toBe("10:00");
});

test("what has parts is told part by part, by their names", () => {
  const conditions = { kind: "all", of: [{ kind: "category", ids: ["c"] }], note: null };
  expect(shownValue(conditions, { c: "Mail" })).toBe("kind: all, of: (kind: category, ids: (Mail))");
});

test("what was nothing is a dash", () => {
  expect(shownValue(null, {})).toBe("—");
  expect(shownValue([], {})).toBe("—");
  expect(shownValue(["a", "b"], { a: "Ann" })).toBe("Ann, b");
});
