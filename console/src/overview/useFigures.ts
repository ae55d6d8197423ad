import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";

import { answer, api } from "@/api/client";
import { useLiveEvents } from "@/live/LiveProvider";
import { serverNow } from "@/time/clock";

import type { Counted } from "./period";

const PAUSE = 3_000;
const AGAIN = 60_000;

/** How things stand now is counted again soon after anything has changed, but not at each change. */
export function useFiguresLive(): void {
  const queries = useQueryClient();
  const timer = useRef(0);
  const hear = useCallback(() => {
    timer.current ||= window.setTimeout(() => {
      timer.current = 0;
      void queries.invalidateQueries({ queryKey: ["figures"] });
    }, PAUSE);
  }, [queries]);
  useLiveEvents(hear);
  useEffect(
    () => () => {
      window.clearTimeout(timer.current);
    },
    [],
  );
}

// Whoever comes back to them sees them as they are by then: nobody listened meanwhile.
const often = { staleTime: 0, refetchInterval: AGAIN, placeholderData: keepPreviousData } as const;

export function useOpen(department: string[] | undefined) {
  const query = department === undefined ? {} : { department_id: department };
  return useQuery({
    queryKey: ["figures", "open", query],
    queryFn: ({ signal }) => answer(api.GET("/api/query/figures/open", { params: { query }, signal })),
    ...often,
  });
}

const MOST = 200;
export const SOON_SECONDS = 3_600;

/** Tickets whose deadline is less than an hour of working time away, the next first; as many as a page has at most. */
export function useDueSoon(department: string[] | undefined) {
  return useQuery({
    queryKey: ["figures", "soon", department],
    queryFn: async ({ signal }) => {
      const query = {
        ...(department !== undefined && { department_id: department }),
        ...({ waiting: true, overdue: false, sort: "remaining", limit: MOST } as const),
      };
      const { items } = await answer(api.GET("/api/query/tickets", { params: { query }, signal }));
      const at = serverNow();
      return items
        .filter((ticket) => ticket.remaining_seconds !== null && ticket.remaining_seconds < SOON_SECONDS)
        .map((ticket) => ({ ticket, at }));
    },
    ...often,
  });
}

export type AnsweredBy = "day" | "department" | "administrator" | "category";

export function useAnswers(counted: Counted, by: AnsweredBy) {
  return useQuery({
    queryKey: ["figures", "answers", counted, by],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/query/figures/answers", { params: { query: { ...counted, group_by: [by] } }, signal })),
    ...often,
  });
}

export function useClosings(counted: Counted) {
  return useQuery({
    queryKey: ["figures", "closings", counted],
    queryFn: ({ signal }) => answer(api.GET("/api/query/figures/closings", { params: { query: counted }, signal })),
    ...often,
  });
}

export function useLoad(counted: Counted) {
  return useQuery({
    queryKey: ["figures", "arrivals", counted],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/query/figures/arrivals", {
          params: { query: { ...counted, group_by: ["weekday", "hour"] } },
          signal,
        }),
      ),
    ...often,
  });
}

/** The days of which an hour of a weekday is made up. */
export function useLoadOfHour(counted: Counted, weekday: number, hour: number) {
  return useQuery({
    queryKey: ["figures", "arrivals", counted, weekday, hour],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/query/figures/arrivals", {
          params: { query: { ...counted, weekday: [weekday], hour: [hour], group_by: ["day"] } },
          signal,
        }),
      ),
  });
}
