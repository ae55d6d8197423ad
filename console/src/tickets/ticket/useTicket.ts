import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef } from "react";

import { api, told, type Told } from "@/api/client";
import { isProblem } from "@/api/problems";
import type { CommandAnswer, TicketDetails } from "@/api/types";
import i18n from "@/i18n";
import { showDone, showProblem } from "@/shell/problemNotice";
import { serverNow } from "@/time/clock";

export interface Opened {
  ticket: TicketDetails;
  /** What an edit is based on. */
  etag: string;
  /** The instant that its figures are of. */
  at: number;
}

/** Facts that the next reading has to show: tokens of commands that were just answered, by ticket. */
const awaited = new Map<string, string>();

export function useTicket(id: string) {
  return useQuery({
    queryKey: ["ticket", id],
    queryFn: async ({ signal }): Promise<Opened> => {
      const after = awaited.get(id);
      const query = after === undefined ? {} : { after };
      const reply = await told(
        api.GET("/api/query/tickets/{ticket_id}", { params: { path: { ticket_id: id }, query }, signal }),
      );
      if (awaited.get(id) === after) awaited.delete(id);
      return { ticket: reply.data as TicketDetails, etag: reply.etag ?? "*", at: serverNow() };
    },
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
    onSuccess: (reply) => {
      if (reply.consistency !== null) awaited.set(id, reply.consistency);
    },
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
