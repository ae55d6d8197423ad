import { expect, test } from "vitest";

import { countedOf, daysOf, ofAge, parseBehindSearch, parseOverviewSearch, share } from "./period";

const NOW = new Date(2026, 0, 5, 9).getTime();

test("thirty days are usual, and today is the last one", () => {
  expect(countedOf({}, NOW)).toMatchObject({ from: "2025-12-07", to: "2026-01-05" });
  expect(countedOf({ days: 7, department_id: "d" }, NOW)).toMatchObject({ from: "2025-12-30", department_id: ["d"] });
  expect(daysOf(countedOf({ days: 7 }, NOW))).toHaveLength(7);
});

test("an address that makes no sense is the usual one", () => {
  expect(parseOverviewSearch({ days: 12, department_id: "" })).toEqual({});
  expect(parseOverviewSearch({ days: 90, department_id: "d" })).toEqual({ days: 90, department_id: "d" });
  expect(parseBehindSearch({ from: "yesterday", to: "2026-01-05", outcome: ["late", "lost"], hour: 3 })).toEqual({
    to: "2026-01-05",
    outcome: ["late"],
  });
});

test("an age is said by when a ticket was submitted: the youngest have no other end", () => {
  expect(ofAge(0, 3600, NOW)).toMatchObject({ opened_since: new Date(NOW - 3_600_000).toISOString() });
  expect(ofAge(0, 3600, NOW)).not.toHaveProperty("opened_before");
  expect(ofAge(3600, null, NOW)).not.toHaveProperty("opened_since");
});

test("of nothing there is no share", () => {
  expect(share(1, 3)).toBe(33);
  expect(share(0, 0)).toBeNull();
});
