import { expect, test } from "vitest";

import { blockAfter, NO_BLOCK, shouldRenew, type Held } from "./blockState";

const held: Held = { kind: "held", token: 1, since: 0, until: 90, renewedAt: 0 };
const anns = { holder: { id: "ann", name: "Ann" }, since: "2026-01-05T09:00:00Z" };

test("who writes sees that another does", () => {
  expect(blockAfter(NO_BLOCK, anns, "bob")).toMatchObject({ kind: "others", name: "Ann" });
});

test("a block that another has by now is lost", () => {
  expect(blockAfter(held, anns, "bob")).toEqual({ kind: "lost", why: "taken", since: 0 });
});

test("one's own block is what it was", () => {
  expect(blockAfter(held, anns, "ann")).toBe(held);
});

test("it is renewed after a third of its time, but only for who has written since", () => {
  expect(shouldRenew(held, 10, 31)).toBe(true);
  expect(shouldRenew(held, 10, 29)).toBe(false);
  expect(shouldRenew(held, 0, 80)).toBe(false);
});
