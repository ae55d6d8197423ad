import { Badge, Button, SegmentedControl, Skeleton, Text, Title } from "@mantine/core";
import { IconMessagePlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import type { OwnTicket } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { Empty } from "@/shell/Empty";
import { Failed } from "@/shell/Failed";

import classes from "./panel.module.css";

/** The tickets of one's own account, those where something happened last first. */
export function OwnTickets() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ from: "/panel/" });
  const state = search.state ?? "active";
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: ["own", "tickets", state],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/query/my/tickets", {
          params: { query: { state, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
  const tickets = data?.pages.flatMap((page) => page.items);
  return (
    <>
      <div className={classes.titleLine}>
        <Title order={1}>{t("panel.title")}</Title>
        <SegmentedControl
          size="xs"
          aria-label={t("filters.state")}
          value={state}
          onChange={(value) => void navigate({ to: "/panel", search: value === "closed" ? { state: "closed" } : {} })}
          data={(["active", "closed"] as const).map((value) => ({ value, label: t(`filters.states.${value}`) }))}
        />
      </div>
      {!tickets && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />)}
      {tickets?.length === 0 && (
        <Empty icon={IconMessagePlus} title={t("panel.empty")}>
          <Button renderRoot={(root) => <Link to="/panel/new" {...root} />}>{t("panel.new")}</Button>
        </Empty>
      )}
      {tickets && tickets.length > 0 && (
        <ul className={classes.list}>
          {tickets.map((ticket) => (
            <Item key={ticket.id} ticket={ticket} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button variant="default" mt="md" fullWidth loading={isFetching} onClick={() => void fetchNextPage()}>
          {t("common.more")}
        </Button>
      )}
    </>
  );
}

function Item({ ticket }: { ticket: OwnTicket }) {
  const format = useFormat();
  const isNew = ticket.unread_answers > 0;
  return (
    <li>
      <Link
        to="/panel/$ticketId"
        params={{ ticketId: ticket.id }}
        className={`${classes.item} ${isNew ? classes.new : ""}`}
      >
        <div className={classes.itemText}>
          <div className={classes.itemSubject}>{ticket.subject}</div>
          <Text size="xs" c="dimmed" truncate>
            #{ticket.number} · {ticket.category.name} · {ticket.user.name} · {format.instant(ticket.last_activity_at)}
          </Text>
        </div>
        <Status ticket={ticket} />
      </Link>
    </li>
  );
}

export function Status({ ticket }: { ticket: OwnTicket }) {
  const { t } = useTranslation();
  if (ticket.state === "closed") return <Badge variant="default">{t("panel.status.closed")}</Badge>;
  if (ticket.unread_answers > 0) {
    return <Badge variant="filled">{t("panel.status.newAnswers", { count: ticket.unread_answers })}</Badge>;
  }
  return <Badge variant="default">{t(ticket.waiting_since ? "panel.status.waiting" : "panel.status.answered")}</Badge>;
}

function Loading() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("common.loading")}>
      {Array.from({ length: 5 }, (_, place) => (
        <Skeleton key={place} height={58} mb={6} />
      ))}
    </div>
  );
}
