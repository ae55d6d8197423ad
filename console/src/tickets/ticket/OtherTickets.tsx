import { Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import type { Ticket, TicketDetails } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { useLiveEvents } from "@/live/LiveProvider";
import type { LiveEvent } from "@/live/stream";

import classes from "./ticket.module.css";

const SHOWN = 8;

/** What else the account has written about, the latest first. */
export function OtherTickets({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const others = useOthers(ticket);
  if (others === undefined) return null;
  return (
    <section aria-label={t("account.others")}>
      <Text size="sm" fw={600} mb={4}>
        {t("account.others")}
      </Text>
      {others.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("account.noOthers")}
        </Text>
      )}
      {others.map((other) => (
        <Other key={other.id} ticket={other} />
      ))}
    </section>
  );
}

function Other({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const format = useFormat();
  const state = ticket.state === "closed" ? "closed" : ticket.waiting_since === null ? "answered" : "waiting";
  return (
    <Link
      to="/tickets/$ticketId"
      params={{ ticketId: ticket.id }}
      search={{ account_id: ticket.account.id, state: "all", sort: "activity" }}
      className={classes.other}
    >
      <span className={classes.otherState}>#{ticket.number}</span>
      <span className={classes.otherSubject} title={ticket.subject}>
        {ticket.subject}
      </span>
      <span className={classes.otherState} title={format.exact(ticket.last_activity_at)}>
        {t(`account.states.${state}`)}
      </span>
    </Link>
  );
}

function useOthers({ id, account }: TicketDetails): Ticket[] | undefined {
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: ["account", account.id, "tickets"],
    queryFn: async ({ signal }) => {
      const query = { account_id: account.id, state: "all", sort: "activity", limit: SHOWN + 1 } as const;
      return (await answer(api.GET("/api/query/tickets", { params: { query }, signal }))).items;
    },
    staleTime: 0, // nobody listens for it while it is not shown
  });
  const hear = useCallback(
    (event: LiveEvent) => {
      if (event.kind === "gone" || (event.kind === "ticket" && (event.ticket as Ticket).account.id === account.id)) {
        void queries.invalidateQueries({ queryKey: ["account", account.id, "tickets"] });
      }
    },
    [queries, account.id],
  );
  useLiveEvents(hear);
  return data?.filter((each) => each.id !== id).slice(0, SHOWN);
}
