import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import { once } from "@/api/keys";
import type { NewView, SavedView, ViewChange } from "@/api/types";
import { useLiveEvents } from "@/live/LiveProvider";
import { useCallback, useEffect, useRef } from "react";

const LONG = 600_000;
const PAUSE = 1_000;

/** One's own views and those shared with oneself, as one has placed them. */
export function useViews() {
  return useQuery({
    queryKey: ["views"],
    queryFn: async ({ signal }) => (await answer(api.GET("/api/query/views", { signal }))).items,
    staleTime: LONG,
  });
}

/** How many tickets each view has, and each list that everybody has, of an account if one is chosen; kept true by live updates. */
export function useViewCounts(account: string | undefined): Readonly<Record<string, number>> {
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: ["view-counts", account ?? null],
    queryFn: async ({ signal }) => {
      const query = { usual: true, ...(account !== undefined && { account_id: account }) };
      return (await answer(api.GET("/api/query/views/counts", { params: { query }, signal }))).counts;
    },
    staleTime: account === undefined ? LONG : 0, // nobody listens on behalf of an account that is not chosen
  });
  // The stream tells of whole views; an account's part of them is asked for, at most once in a while.
  const timer = useRef(0);
  const hear = useCallback(() => {
    if (account === undefined || timer.current !== 0) return;
    timer.current = window.setTimeout(() => {
      timer.current = 0;
      void queries.invalidateQueries({ queryKey: ["view-counts", account] });
    }, PAUSE);
  }, [account, queries]);
  useLiveEvents(hear);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return data ?? {};
}

/** Makes, changes, places and deletes views; the side bar shows what came of it. */
export function useViewCommands() {
  const queries = useQueryClient();
  const onSettled = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ["views"] }),
      queries.invalidateQueries({ queryKey: ["view-counts"] }),
    ]);
  const make = useMutation({
    mutationFn: (body: NewView) => answer(api.POST("/api/query/views", { params: { header: once() }, body })),
    onSettled,
  });
  const change = useMutation({
    mutationFn: ({ view, change }: { view: SavedView; change: ViewChange }) =>
      answer(
        api.PATCH("/api/query/views/{view_id}", {
          params: { path: { view_id: view.id }, header: { "If-Match": `"${view.version}"` } },
          body: change,
        }),
      ),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: (view: SavedView) =>
      answer(api.DELETE("/api/query/views/{view_id}", { params: { path: { view_id: view.id } } })),
    onSettled,
  });
  const place = useMutation({
    mutationFn: (ids: string[]) => answer(api.PUT("/api/query/views/order", { body: { ids } })),
    onSettled,
  });
  return { make, change, remove, place };
}
