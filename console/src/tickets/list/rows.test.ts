import { expect, test } from "vitest";

import type { Ticket } from "@/api/types";
import { formatDuration } from "@/time/durations";

import { shownOf } from "./figures";
import { meantBy, NOBODY } from "./filters";
import type { Order, Sort } from "./order";
import { merged, pruned, withWord, type Page } from "./overlay";
import { rowsAt, type Known } from "./rows";
import { aTicket as ticket, START } from "./tickets.fixture";

const MINUTE = 60_000;

const page = (items: Ticket[], at = START): Page => ({ items, askedAt: at, at });
const heardAt = (at: number) => ({ heardAt: at, at });
const known = (items: Ticket[], given: Partial<Known> = {}): Known => ({
  pages: [page(items)],
  overlay: new Map(),
  hours: new Map(),
  hasMore: false,
  ...given,
});
const by = (sort: Sort, order: Order, filters = {}) => ({ sort, order, filters });
const numbers = (found: { ticket: Ticket }[]) => found.map((row) => row.ticket.number);
const since = (minutes: number) => new Date(START + minutes * MINUTE).toISOString();

test("who waits overtakes who does not, by time alone", () => {
  const tickets = known([ticket(1, { points: 10 }), ticket(2, { waiting_since: since(0) })]);
  expect(numbers(rowsAt(tickets, by("weight", "desc"), START + 9 * MINUTE))).toEqual([1, 2]);
  const later = rowsAt(tickets, by("weight", "desc"), START + 11 * MINUTE);
  expect(numbers(later)).toEqual([2, 1]);
  expect(later[0]?.figures).toMatchObject({ weight: 11, minutesWaiting: 11, delay: 660 });
});

test("what has nothing to sort by comes last in both orders, by number", () => {
  const tickets = known([ticket(3), ticket(1, { waiting_since: since(-5) }), ticket(2)]);
  expect(numbers(rowsAt(tickets, by("delay", "desc"), START))).toEqual([1, 2, 3]);
  expect(numbers(rowsAt(tickets, by("delay", "asc"), START))).toEqual([1, 2, 3]);
});

test("remaining time stands still while the department is closed, and is overdue only after the deadline", () => {
  const late = ticket(1, { waiting_since: since(0), remaining_seconds: 3600, deadline_at: since(23 * 60) });
  const hours = new Map([["support", { opens: [START + 22 * 60 * MINUTE], closes: [START + 30 * 60 * MINUTE] }]]);
  const at = (minutes: number) =>
    rowsAt(known([late], { hours }), by("remaining", "asc"), START + minutes * MINUTE)[0]?.figures;
  expect(at(60)).toMatchObject({ remaining: 3600, isOverdue: false });
  expect(at(23 * 60)).toMatchObject({ remaining: 0, isOverdue: false });
  expect(at(23 * 60 + 1)).toMatchObject({ remaining: -60, isOverdue: true });
});

test("a ticket that does not meet the filters any more leaves by itself", () => {
  const blocked = ticket(1, { block: { holder: { id: "ann", name: "Ann" }, since: since(0) } });
  const freed = withWord(new Map(), "t1", { ticket: ticket(1), ...heardAt(START + 1) });
  expect(numbers(rowsAt(known([blocked]), by("weight", "desc", { blocked: true }), START))).toEqual([1]);
  expect(rowsAt(known([blocked], { overlay: freed }), by("weight", "desc", { blocked: true }), START)).toEqual([]);
});

test("nobody is a value to filter by", () => {
  const tickets = known([ticket(1), ticket(2, { responsible: { id: "ann", name: "Ann" } })]);
  expect(numbers(rowsAt(tickets, by("id", "desc", { responsible_id: [NOBODY] }), START))).toEqual([1]);
  expect(numbers(rowsAt(tickets, by("id", "desc", { responsible_id: [NOBODY, "ann"] }), START))).toEqual([2, 1]);
});

test("what is heard before a page was asked for is older than the page", () => {
  const old = withWord(new Map(), "t1", { ticket: ticket(1, { subject: "Old" }), ...heardAt(START - 1) });
  expect(merged([page([ticket(1, { subject: "New" })])], old)[0]?.ticket.subject).toBe("New");
  expect(pruned(old, [page([])]).size).toBe(0);
});

test("a new ticket appears, and one that is gone disappears", () => {
  const heard = withWord(withWord(new Map(), "t2", { ticket: ticket(2), ...heardAt(START + 1) }), "t1", {
    ticket: null,
    ...heardAt(START + 1),
  });
  expect(numbers(rowsAt(known([ticket(1)], { overlay: heard }), by("id", "desc"), START))).toEqual([2]);
});

test("what is gone stays gone when the server's clock is set back between asking and hearing", () => {
  const asked: Page = { items: [ticket(1)], askedAt: 1000, at: START + 140 };
  const gone = withWord(new Map(), "t1", { ticket: null, heardAt: 1050, at: START + 50 });
  expect(merged([asked], gone)).toEqual([]);
  expect(pruned(gone, [asked]).size).toBe(1);
});

test("behind what was read nothing is shown, as what is between is not known", () => {
  const overlay = withWord(new Map(), "t1", { ticket: ticket(1), ...heardAt(START + 1) });
  const read = [ticket(9), ticket(8)];
  expect(numbers(rowsAt(known(read, { overlay, hasMore: true }), by("id", "desc"), START))).toEqual([9, 8]);
  expect(numbers(rowsAt(known(read, { overlay }), by("id", "desc"), START))).toEqual([9, 8, 1]);
});

test("me and mine are whoever reads", () => {
  const reader = { id: "ann", departments: ["support"] };
  expect(meantBy({ responsible_id: ["me", NOBODY], department_id: ["mine", "sales"] }, reader)).toEqual({
    responsible_id: ["ann", NOBODY],
    department_id: ["support", "sales"],
  });
  const nowhere = meantBy({ department_id: ["mine"] }, { id: "ann", departments: [] });
  expect(numbers(rowsAt(known([ticket(1)]), by("id", "desc", nowhere), START))).toEqual([]);
});

test("a row that looks the same has the same words", () => {
  const figures = { weight: 1, minutesWaiting: 1, delay: null, isOverdue: false };
  const seen = new Map<string, string>();
  for (let seconds = -9_000; seconds <= 9_000; seconds += 1) {
    const words = formatDuration(seconds, "en");
    const known = seen.get(shownOf({ ...figures, remaining: seconds }));
    expect(known ?? words).toBe(words);
    seen.set(shownOf({ ...figures, remaining: seconds }), words);
  }
});
