/**
 * What live updates add to the pages of a list.
 *
 * A page holds everything that happened before it was asked for; an update that was heard since then is newer than it.
 */
import type { Ticket } from "@/api/types";

import type { Seen } from "./figures";

export interface Page {
  items: Ticket[];
  /** When it was asked for, and the instant that its figures are of: milliseconds, both by the server's clock. */
  askedAt: number;
  at: number;
}

/** The last word on a ticket; null once it is gone. */
export interface Heard {
  ticket: Ticket | null;
  at: number;
}

export type Overlay = ReadonlyMap<string, Heard>;

export function withWord(overlay: Overlay, id: string, heard: Heard): Overlay {
  return new Map(overlay).set(id, heard);
}

/** Without what all pages know by now. */
export function pruned(overlay: Overlay, pages: readonly Page[]): Overlay {
  const oldest = Math.min(...pages.map((page) => page.askedAt));
  const kept = [...overlay].filter(([, heard]) => heard.at >= oldest);
  return kept.length === overlay.size ? overlay : new Map(kept);
}

/** Each ticket once, by the latest that is known of it. */
export function merged(pages: readonly Page[], overlay: Overlay): Seen[] {
  const seen = new Map<string, Seen & { askedAt: number }>();
  for (const page of pages) {
    for (const ticket of page.items) {
      const former = seen.get(ticket.id);
      if (!former || former.askedAt < page.askedAt) seen.set(ticket.id, { ticket, at: page.at, askedAt: page.askedAt });
    }
  }
  for (const [id, { ticket, at }] of overlay) {
    const listed = seen.get(id);
    if (listed && listed.askedAt > at) continue;
    if (ticket === null) seen.delete(id);
    else seen.set(id, { ticket, at, askedAt: at });
  }
  return [...seen.values()];
}
