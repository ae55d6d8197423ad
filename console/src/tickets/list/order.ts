/** The list's orders, as query has them: what there is nothing to sort by comes last, ties are by number. */
import type { Ticket } from "@/api/types";

import { sortedAs } from "./collation";
import type { Figures, Seen } from "./figures";

export type Order = "asc" | "desc";

/** What comes first unless asked otherwise: what needs attention; names from A to Z. */
export const USUAL = {
  weight: "desc",
  delay: "desc",
  remaining: "asc",
  id: "desc",
  subject: "asc",
  account: "asc",
  user: "asc",
  responsible: "asc",
  department: "asc",
  category: "asc",
  project: "asc",
  group: "asc",
  attitude: "desc",
  urgency: "desc",
  channel: "asc",
  unread: "desc",
  blocked: "asc",
  opened: "desc",
  activity: "desc",
} as const satisfies Record<string, Order>;

export type Sort = keyof typeof USUAL;
export const SORTS = Object.keys(USUAL) as Sort[];

export interface Row extends Seen {
  figures: Figures;
}

type Value = number | string | null;
type Key = (row: Row, now: number) => Value;

const named = (of: (ticket: Ticket) => string | null | undefined): Key => {
  return ({ ticket }) => {
    const name = of(ticket);
    return name === null || name === undefined ? null : sortedAs(name);
  };
};
const ranked = (ranks: readonly string[], of: (ticket: Ticket) => string | null): Key => {
  return ({ ticket }) => {
    const rank = ranks.indexOf(of(ticket) ?? "");
    return rank < 0 ? null : rank;
  };
};
const since = (instant: string | null | undefined) => (instant ? Date.parse(instant) : null);

const KEYS: Record<Sort, Key> = {
  // Not in whole minutes: those who weigh the same are in the order of their seconds.
  weight: ({ ticket }, now) =>
    ticket.points * 60_000 + (ticket.waiting_since ? Math.max(0, now - Date.parse(ticket.waiting_since)) : 0),
  delay: ({ ticket }, now) => (ticket.waiting_since ? now - Date.parse(ticket.waiting_since) : null),
  remaining: ({ figures }) => figures.remaining,
  id: ({ ticket }) => ticket.number,
  subject: named((ticket) => ticket.subject),
  account: named((ticket) => ticket.account.name),
  user: named((ticket) => ticket.user.name),
  responsible: named((ticket) => (ticket.responsible ?? ticket.department)?.name),
  department: named((ticket) => ticket.department?.name),
  category: named((ticket) => ticket.category.name),
  project: named((ticket) => ticket.project?.name),
  group: named((ticket) => ticket.account.group?.name),
  attitude: ranked(["bad", "neutral", "good"], (ticket) => ticket.account.attitude),
  urgency: ranked(["low", "medium", "high"], (ticket) => ticket.urgency),
  channel: ranked(["api", "email", "panel"], (ticket) => ticket.channel),
  unread: ({ ticket }) => (ticket.unread ? 1 : 0),
  blocked: ({ ticket }) => (ticket.state === "active" ? since(ticket.block?.since) : null),
  opened: ({ ticket }) => since(ticket.opened_at),
  activity: ({ ticket }) => since(ticket.last_activity_at),
};

export function inOrder(rows: readonly Row[], sort: Sort, order: Order, now: number): Row[] {
  const sign = order === "asc" ? 1 : -1;
  // Ties go the way of the order; who waits longest is who wrote first.
  const tie = sort === "weight" || sort === "delay" ? -sign : sign;
  const keyed = rows.map((row) => ({ row, key: KEYS[sort](row, now), number: row.ticket.number }));
  keyed.sort((a, b) => {
    if (a.key !== null && b.key !== null) return sign * compared(a.key, b.key) || tie * (a.number - b.number);
    if (a.key === b.key) return a.number - b.number;
    return a.key === null ? 1 : -1;
  });
  return keyed.map(({ row }) => row);
}

function compared(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return a < b ? -1 : a > b ? 1 : 0;
}
