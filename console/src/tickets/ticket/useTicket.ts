import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef } from "react";

import type { Told } from "@/api/client";
import { isProblem } from "@/api/problems";
import type { CommandAnswer } from "@/api/types";
import i18n from "@/i18n";
import { showDone, showProblem } from "@/shell/problemNotice";
import { ticketKey } from "@/tickets/past/usePast";

import { awaitFact, readPast, readTicket } from "./reading";

/** As it is, or as it was at an instant of the past. */
export function useTicket(id: string, past?: string) {
  return useQuery({
    queryKey: ticketKey(id, past),
    queryFn: ({ signal }) => (past === undefined ? readTicket(id, signal) : readPast(id, past, signal)),
    staleTime: 5_000,
  });
}

type Command = () => Promise<Told<CommandAnswer | undefined>>;

/** Does something to a ticket, and shows it as it is afterwards. */
export function useCommand(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (command: Command) => command(),
    meta: { isShown: true },
    onSuccess: (reply) => awaitFact(id, reply.consistency),
    onError: (error) => {
      if (isProblem(error, "precondition-failed")) showDone(i18n.t("ticket.changedMeanwhile"));
      else showProblem(error);
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["ticket", id] }),
        queries.invalidateQueries({ queryKey: ["tickets"] }),
      ]),
  });
}

/** A function that stays the same between renderings, and calls the latest of those it was given. */
export function useLatest<A extends unknown[], R>(work: (...given: A) => R): (...given: A) => R {
  const latest = useRef(work);
  latest.current = work; // eslint-disable-line react-hooks/refs -- read in handlers and effects alone
  return useCallback((...given: A) => latest.current(...given), []);
}
