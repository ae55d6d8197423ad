import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { answer, api } from "@/api/client";
import { learnClock, steadyNow, useNow } from "@/time/clock";
import { useOpenHours } from "@/time/useOpenHours";
import { asOf } from "@/tickets/past/usePast";

import { dependsOnTime, meantBy } from "./filters";
import { NOTHING, useHeard } from "./heard";
import type { Row } from "./order";
import type { Page } from "./overlay";
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
  const stream = asked.filters.text === undefined || past !== undefined ? null : withFilters(asked.filters);
  const heard = useHeard(stream);
  const overlay = past === undefined ? heard : NOTHING;

  const query = useInfiniteQuery({
    queryKey: past === undefined ? ["tickets", asked] : ["past", "tickets", past, asked],
    queryFn: ({ pageParam, signal }) => load(asked, past, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    // Such a stream has told nothing while the list was not on the screen.
    ...(stream !== null && { staleTime: 0 }),
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
  const [askedAt, sentAt] = [steadyNow(), Date.now()];
  const page = { limit: WINDOW, ...(cursor !== null && { cursor }) };
  const parameters = { ...parametersOf(filters), ...asOf(past), sort, order, ...page };
  const body = await answer(api.GET("/api/query/tickets", { params: { query: parameters }, signal }));
  if (cursor === null && past === undefined) learnClock(body.as_of, sentAt, Date.now());
  return { items: body.items, next: body.next_cursor, askedAt, at: Date.parse(body.as_of) };
}
