/** What live updates have said since the lists that are kept were asked for. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useCallback, useEffect, useState, type ReactNode } from "react";

import type { Ticket } from "@/api/types";
import { useLiveEvents } from "@/live/LiveProvider";
import type { LiveEvent } from "@/live/stream";
import { serverNow, steadyNow } from "@/time/clock";

import { pruned, withWord, type Overlay, type Page } from "./overlay";

export const NOTHING: Overlay = new Map();

const HeardContext = createContext<Overlay>(NOTHING);

/**
 * Listens on behalf of all lists, also while none of them is on the screen: their pages are kept meanwhile, and whoever comes
 * back to one sees it as it is by then.
 */
export function HeardProvider({ children }: { children: ReactNode }) {
  const { overlay, hear } = useOverlay();
  useLiveEvents(hear);
  return <HeardContext value={overlay}>{children}</HeardContext>;
}

/** The words on all tickets; or on those of the list that the stream's query asks for. */
export function useHeard(stream: string | null): Overlay {
  const common = use(HeardContext);
  const { overlay, hear } = useOverlay(stream);
  const queries = useQueryClient();
  const listen = useCallback(
    (event: LiveEvent) => {
      if (stream === null) return;
      if (event.kind === "anew") void queries.invalidateQueries({ queryKey: ["tickets"] });
      hear(event);
    },
    [stream, hear, queries],
  );
  useLiveEvents(listen, stream);
  return stream === null ? common : overlay;
}

function useOverlay(stream: string | null = null) {
  const [heard, setHeard] = useState<{ stream: string | null; overlay: Overlay }>({ stream, overlay: NOTHING });
  const queries = useQueryClient();
  const change = useCallback(
    (work: (overlay: Overlay) => Overlay) =>
      setHeard((before) => {
        const overlay = work(before.stream === stream ? before.overlay : NOTHING);
        return before.stream === stream && before.overlay === overlay ? before : { stream, overlay };
      }),
    [stream],
  );
  const hear = useCallback(
    (event: LiveEvent) => {
      if (event.kind !== "ticket" && event.kind !== "gone") return;
      const id = event.kind === "ticket" ? event.ticket.id : event.id;
      const ticket = event.kind === "ticket" ? (event.ticket as Ticket) : null;
      // Where no list is kept or asked for, nobody would ever forget what was heard.
      if (queries.getQueryCache().findAll({ queryKey: ["tickets"] }).length === 0) return;
      change((before) => withWord(before, id, { ticket, heardAt: steadyNow(), at: serverNow() }));
    },
    [change, queries],
  );
  useEffect(
    () =>
      queries.getQueryCache().subscribe(({ type, query }) => {
        if ((query.queryKey as unknown[])[0] !== "tickets" || (type !== "updated" && type !== "removed")) return;
        // What is being asked for may not hold what was heard since then.
        if (queries.isFetching({ queryKey: ["tickets"] }) > 0) return;
        const lists = queries.getQueriesData<{ pages: Page[] }>({ queryKey: ["tickets"] });
        const pages = lists.flatMap(([, data]) => data?.pages ?? []);
        change((before) => pruned(before, pages));
      }),
    [queries, change],
  );
  return { overlay: heard.stream === stream ? heard.overlay : NOTHING, hear };
}
