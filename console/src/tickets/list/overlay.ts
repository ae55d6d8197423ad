/**
 * What live updates add to the pages of a list.
 *
 * A page holds everything that happened before it was asked for; an update that was heard since then is newer than it.
 */
import type { Ticket } from "@/api/types";

import type { Seen } from "./figures";

export interface Page {
  items: Ticket[];
  /** When it was asked for: milliseconds by the steady clock, as the server's is set right by answers in between. */
  askedAt: number;
  /** The instant that its figures are of: milliseconds by the server's clock. */
  at: number;
}

/** The last word on a ticket; null once it is gone. */
export interface Heard {
  ticket: Ticket | null;
  /** When it was heard, by the steady clock. */
  heardAt: number;
  /** The same by the server's. */
  at: number;
}

export type Overlay = ReadonlyMap<string, Heard>;

export function withWord(overlay: Overlay, id: string, heard: Heard): Overlay {
  return new Map(overlay).set(id, heard);
}

/** Without what all pages know by now. */
export function pruned(overlay: Overlay, pages: readonly Page[]): Overlay {
  const oldest = Math.min(...pages.map((page) => page.askedAt));
  const kept = [...overlay].filter(([, heard]) => heard.heardAt >= oldest);
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
  for (const [id, { ticket, heardAt, at }] of overlay) {
    const listed = seen.get(id);
    if (listed && listed.askedAt > heardAt) continue;
    if (ticket === null) seen.delete(id);
    else seen.set(id, { ticket, at, askedAt: heardAt });
  }
  return [...seen.values()];
}
