import { expect, test } from "vitest";

import { sortedAs } from "./collation";
import { inOrder, SORTS, USUAL, type Row } from "./order";
import { aTicket } from "./tickets.fixture";

const NOW = Date.parse("2026-01-05T09:00:00Z");

function row(number: number, given: Parameters<typeof aTicket>[1] = {}): Row {
  const figures = { weight: 0, minutesWaiting: 0, delay: null, remaining: null, isOverdue: false };
  return { ticket: aTicket(number, given), at: NOW, figures };
}
const numbers = (rows: Row[]) => rows.map((each) => each.ticket.number);

test("names are in the order in which people look them up", () => {
  const names = ["Zoë", "anna", "Ärger", "Account 10", "account 2", "Ёлка", "яблоко", "Ель", "Øre", "Straße 1"];
  const sorted = names.toSorted((a, b) => (sortedAs(a) < sortedAs(b) ? -1 : 1));
  expect(sorted).toEqual([
    "account 2",
    "Account 10",
    "anna",
    "Ärger",
    "Øre",
    "Straße 1",
    "Zoë",
    "Ёлка",
    "Ель",
    "яблоко",
  ]);
  expect(sortedAs("  Straße 007 ")).toBe("strasse 17");
  expect(sortedAs("й")).toBe("й");
});

test("by name, what has none comes last in both orders, by number", () => {
  const rows = [
    row(4, { project: null }),
    row(3, { project: { id: "b", name: "Beta" } }),
    row(2, { project: null }),
    row(1, { project: { id: "a", name: "alpha" } }),
  ];
  expect(numbers(inOrder(rows, "project", "asc", NOW))).toEqual([1, 3, 2, 4]);
  expect(numbers(inOrder(rows, "project", "desc", NOW))).toEqual([3, 1, 2, 4]);
});

test("ties go the way of the order, those of weight and delay against it", () => {
  const same = [row(1), row(2)];
  expect(numbers(inOrder(same, "subject", "asc", NOW))).toEqual([1, 2]);
  expect(numbers(inOrder(same, "subject", "desc", NOW))).toEqual([2, 1]);
  expect(numbers(inOrder(same, "weight", "desc", NOW))).toEqual([1, 2]);
  expect(numbers(inOrder(same, "weight", "asc", NOW))).toEqual([2, 1]);
});

test("urgency and attitude are ranks, not words", () => {
  const urgencies = [row(1, { urgency: "low" }), row(2, { urgency: "high" }), row(3, { urgency: "medium" })];
  expect(numbers(inOrder(urgencies, "urgency", "desc", NOW))).toEqual([2, 3, 1]);
  const account = (attitude: "good" | "bad" | null) => ({ id: "a", name: "A", attitude, group: null });
  const attitudes = [row(1, { account: account(null) }), row(2, { account: account("bad") }), row(3)];
  expect(numbers(inOrder(attitudes, "attitude", "desc", NOW))).toEqual([3, 2, 1]);
});

test("until somebody takes it, a ticket is its department's", () => {
  const rows = [row(1), row(2, { responsible: { id: "ann", name: "Ann" } }), row(3, { department: null })];
  expect(numbers(inOrder(rows, "responsible", "asc", NOW))).toEqual([2, 1, 3]);
});

test.each(SORTS)("there is an order by %s, and turning it turns it", (sort) => {
  const rows = [
    row(1, { waiting_since: "2026-01-05T08:00:00Z", unread: true }),
    row(2, { subject: "Another", opened_at: "2026-01-05T08:59:00Z" }),
    row(3, { block: { holder: { id: "b", name: "B" }, since: "2026-01-05T08:59:00Z" } }),
  ];
  const usual = inOrder(rows, sort, USUAL[sort], NOW);
  expect(numbers(usual).toSorted()).toEqual([1, 2, 3]);
  expect(inOrder(usual.toReversed(), sort, USUAL[sort], NOW)).toEqual(usual);
});
