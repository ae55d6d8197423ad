/** The list's orders, as query has them: what there is nothing to sort by comes last, ties are by number. */
import type { Figures, Seen } from "./figures";

export type Sort = "weight" | "delay" | "remaining" | "id";
export type Order = "asc" | "desc";

export const SORTS: readonly Sort[] = ["weight", "delay", "remaining", "id"];
export const USUAL: Record<Sort, Order> = { weight: "desc", delay: "desc", remaining: "asc", id: "desc" };

export interface Row extends Seen {
  figures: Figures;
}

type Key = (row: Row, now: number) => number | null;

const KEYS: Record<Sort, Key> = {
  // Not in whole minutes: those who weigh the same are in the order of their seconds.
  weight: ({ ticket }, now) =>
    ticket.points * 60_000 + (ticket.waiting_since ? now - Date.parse(ticket.waiting_since) : 0),
  delay: ({ ticket }, now) => (ticket.waiting_since ? now - Date.parse(ticket.waiting_since) : null),
  remaining: ({ figures }) => figures.remaining,
  id: ({ ticket }) => ticket.number,
};

export function inOrder(rows: readonly Row[], sort: Sort, order: Order, now: number): Row[] {
  const sign = order === "asc" ? 1 : -1;
  // Where the order is the usual one, ties are by number ascending; the contrary turns that, too.
  const tie = order === USUAL[sort] ? 1 : -1;
  const keyed = rows.map((row) => ({ row, key: KEYS[sort](row, now), number: row.ticket.number }));
  keyed.sort((a, b) => {
    if (a.key !== null && b.key !== null) return sign * (a.key - b.key) || tie * (a.number - b.number);
    if (a.key === b.key) return a.number - b.number;
    return a.key === null ? 1 : -1;
  });
  return keyed.map(({ row }) => row);
}
