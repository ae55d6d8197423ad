import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";

import { answer, api } from "@/api/client";
import { useLiveEvents } from "@/live/LiveProvider";
import type { LiveEvent } from "@/live/stream";
import { learnClock, serverNow, useNow } from "@/time/clock";
import { useOpenHours } from "@/time/useOpenHours";
import type { Ticket } from "@/api/types";
import { asOf } from "@/tickets/past/usePast";

import { dependsOnTime, meantBy } from "./filters";
import type { Row } from "./order";
import { pruned, withWord, type Overlay, type Page } from "./overlay";
import { parametersOf, withFilters } from "./parameters";
import { rowsAt, type Asked } from "./rows";
import { filtersOf, sortOf, type ListSearch } from "./search";
import { useReader } from "./useReader";

const WINDOW = 100;
/** Live updates tell what changes; what time alone moves over the end of what was read, is asked for so often. */
const RECONCILE = 60_000;
const RECONCILE_BY_TIME = 15_000;

type LoadedPage = Page & { next: string | null };

export interface TicketList {
  rows: Row[];
  isLoading: boolean;
  error: Error | null;
  retry: () => void;
  hasMore: boolean;
  loadMore: () => void;
}

/** The list of an address, as it is now: it moves by itself. As it was, it stands still. */
export function useTicketList(search: ListSearch): TicketList {
  const past = search.as_of;
  const view = JSON.stringify([filtersOf(search), sortOf(search)]);
  const asked = useMemo(() => ({ filters: filtersOf(search), ...sortOf(search) }), [view]); // eslint-disable-line react-hooks/exhaustive-deps -- by what it says
  const reader = useReader();
  const meant = useMemo(() => ({ ...asked, filters: meantBy(asked.filters, reader) }), [asked, reader]);
  const hours = useOpenHours();
  const present = useNow();
  const now = past === undefined ? present : Date.parse(past);
  // What a text finds, the server alone can tell: such a list is told of by a stream of its own.
  const heard = useOverlay(asked.filters.text === undefined || past !== undefined ? null : withFilters(asked.filters));
  const overlay = past === undefined ? heard : NOTHING;

  const query = useInfiniteQuery({
    queryKey: past === undefined ? ["tickets", asked] : ["past", "tickets", past, asked],
    queryFn: ({ pageParam, signal }) => load(asked, past, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: past === undefined && (dependsOnTime(asked.filters) ? RECONCILE_BY_TIME : RECONCILE),
    refetchIntervalInBackground: false,
  });

  const pages = query.data?.pages;
  const rows = useMemo(
    () => (pages ? rowsAt({ pages, overlay, hours, hasMore: query.hasNextPage }, meant, now) : []),
    [pages, overlay, hours, query.hasNextPage, meant, now],
  );
  return {
    rows,
    isLoading: query.isPending,
    error: pages ? null : query.error,
    retry: () => void query.refetch(),
    hasMore: query.hasNextPage,
    loadMore: () => {
      if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
    },
  };
}

async function load(
  { filters, sort, order }: Asked,
  past: string | undefined,
  cursor: string | null,
  signal: AbortSignal,
): Promise<LoadedPage> {
  const askedAt = Date.now();
  const askedFor = serverNow();
  const page = { limit: WINDOW, ...(cursor !== null && { cursor }) };
  const parameters = { ...parametersOf(filters), ...asOf(past), sort, order, ...page };
  const body = await answer(api.GET("/api/query/tickets", { params: { query: parameters }, signal }));
  if (cursor === null && past === undefined) learnClock(body.as_of, askedAt, Date.now());
  return { items: body.items, next: body.next_cursor, askedAt: askedFor, at: Date.parse(body.as_of) };
}

const NOTHING: Overlay = new Map();

/** What was heard since the pages were asked for: of all tickets, or of the list that has a stream of its own. */
function useOverlay(stream: string | null): Overlay {
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
      if (event.kind === "anew" && stream !== null) void queries.invalidateQueries({ queryKey: ["tickets"] });
      if (event.kind !== "ticket" && event.kind !== "gone") return;
      const id = event.kind === "ticket" ? event.ticket.id : event.id;
      const ticket = event.kind === "ticket" ? (event.ticket as Ticket) : null;
      change((before) => withWord(before, id, { ticket, at: serverNow() }));
    },
    [change, stream, queries],
  );
  useLiveEvents(hear, stream);

  useEffect(
    () =>
      queries.getQueryCache().subscribe(({ type, query }) => {
        if (type !== "updated" || (query.queryKey as unknown[])[0] !== "tickets" || query.state.fetchStatus !== "idle")
          return;
        const lists = queries.getQueriesData<{ pages: LoadedPage[] }>({ queryKey: ["tickets"] });
        const pages = lists.flatMap(([, data]) => data?.pages ?? []);
        if (pages.length > 0) change((before) => pruned(before, pages));
      }),
    [queries, change],
  );
  return heard.stream === stream ? heard.overlay : NOTHING;
}
