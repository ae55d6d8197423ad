import { useLocation } from "@tanstack/react-router";

import { useNow } from "@/time/clock";
import { parseListSearch } from "@/tickets/list/search";

/** The instant of the past that the address shows the tickets of; undefined for the present. */
export function usePast(): string | undefined {
  const { pathname, search } = useLocation();
  return pathname.startsWith("/tickets") ? parseListSearch(search).as_of : undefined;
}

/** The instant that is shown, in milliseconds: the present moves, the past does not. */
export function useShownInstant(): number {
  const now = useNow();
  const past = usePast();
  return past === undefined ? now : Date.parse(past);
}

/** What a request adds for that. */
export const asOf = (past: string | undefined) => (past === undefined ? {} : { as_of: past });

/** What was read of a ticket: live updates make that of the present stale, and leave the past alone. */
export const ticketKey = (id: string, past?: string) =>
  past === undefined ? (["ticket", id] as const) : (["past", "ticket", past, id] as const);
