/** The rows of the list at an instant: of what is known, what meets the filters, in order, as far as it was read. */
import type { OpenHours } from "@/time/openHours";

import { figuresAt } from "./figures";
import { meets, type Filters } from "./filters";
import { inOrder, type Order, type Row, type Sort } from "./order";
import { merged, type Overlay, type Page } from "./overlay";

export interface Known {
  pages: readonly Page[];
  overlay: Overlay;
  hours: ReadonlyMap<string, OpenHours>;
  /** Whether there is more behind the last page. */
  hasMore: boolean;
}

export interface Asked {
  filters: Filters;
  sort: Sort;
  order: Order;
}

export function rowsAt(known: Known, asked: Asked, now: number): Row[] {
  const rows = merged(known.pages, known.overlay)
    .map((seen) => ({ ...seen, figures: figuresAt(seen, now, known.hours.get(seen.ticket.department?.id ?? "")) }))
    .filter((row) => meets(row, row.figures, asked.filters));
  const sorted = inOrder(rows, asked.sort, asked.order, now);
  return known.hasMore ? upToTheEnd(sorted, known.pages) : sorted;
}

/** Behind the last row that was read are some that were not: what live updates put there has no place yet. */
function upToTheEnd(sorted: Row[], pages: readonly Page[]): Row[] {
  const read = new Set(pages.flatMap((page) => page.items.map((ticket) => ticket.id)));
  let end = sorted.length;
  while (end > 0 && !read.has(sorted[end - 1]?.ticket.id ?? "")) end -= 1;
  return sorted.slice(0, end);
}
