import { expect, test } from "vitest";

import type { SavedView } from "@/api/types";
import { parseListSearch } from "@/tickets/list/search";

import { addressOf, isChanged, keptOf } from "./savedViews";

function view(given: Partial<SavedView> = {}): SavedView {
  return {
    id: "v1",
    version: 1,
    name: "Mine",
    filters: { responsible_id: ["me"], waiting: true },
    sort: "remaining",
    order: null,
    columns: [],
    sharing: { everybody: false, department_ids: [] },
    owner_id: "ann",
    may_change: true,
    created_at: "2026-01-05T09:00:00Z",
    changed_at: "2026-01-05T09:00:00Z",
    ...given,
  };
}

test("a view's address says all of it, so that it can be narrowed and sent", () => {
  expect(addressOf(view())).toEqual({ responsible_id: ["me"], waiting: true, sort: "remaining", view: "v1" });
  expect(addressOf(view({ order: "desc", columns: ["number", "subject", "urgency"] }))).toMatchObject({
    order: "desc",
    columns: ["id", "subject", "properties"],
  });
});

test("what was saved is opened as it was", () => {
  const search = parseListSearch({ urgency: ["high"], text: "mail", sort: "subject", order: "desc" });
  const kept = keptOf(search, ["id", "subject", "remaining"]);
  expect(kept.filters).toEqual({ urgency: ["high"], text: "mail" });
  const again = addressOf(view({ ...(kept as Partial<SavedView>), order: "desc" }));
  expect(again).toEqual({ ...search, columns: ["id", "subject", "remaining"], view: "v1" });
});

test("narrowing or sorting a view otherwise changes it, pointing at a ticket or choosing an account does not", () => {
  const here = addressOf(view());
  expect(isChanged(view(), here)).toBe(false);
  expect(isChanged(view(), { ...here, at: "t1", account_id: "acme" })).toBe(false);
  expect(isChanged(view(), { ...here, unread: true })).toBe(true);
  expect(isChanged(view(), { ...here, order: "desc" })).toBe(true);
});
