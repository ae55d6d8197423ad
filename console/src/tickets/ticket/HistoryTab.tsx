import { Button, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import type { HistoryEntry } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { Spinner } from "@/shell/Spinner";
import { asOf, ticketKey, usePast } from "@/tickets/past/usePast";

import { actorOf, keyOf, shownValue } from "@/lookups/changes";
import classes from "./ticket.module.css";

/** Everything that happened: who did it, on whose behalf, and what it changed. */
export function HistoryTab({ ticketId }: { ticketId: string }) {
  const { t } = useTranslation();
  const past = usePast();
  const { data, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: [...ticketKey(ticketId, past), "history"],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/query/tickets/{ticket_id}/history", {
          params: {
            path: { ticket_id: ticketId },
            query: { limit: 100, ...asOf(past), ...(pageParam && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
  if (!data) return <Spinner size="sm" m="md" />;
  const names = Object.assign({}, ...data.pages.map((page) => page.names)) as Record<string, string>;
  return (
    <div className={classes.fields}>
      <div>
        {data.pages
          .flatMap((page) => page.items)
          .map((entry) => (
            <Entry key={entry.id} entry={entry} names={names} />
          ))}
      </div>
      {hasNextPage && (
        <Button size="xs" variant="default" loading={isFetching} onClick={() => void fetchNextPage()}>
          {t("common.more")}
        </Button>
      )}
    </div>
  );
}

function Entry({ entry, names }: { entry: HistoryEntry; names: Record<string, string> }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const key = `history.types.${keyOf(entry.type)}`;
  const what = i18n.exists(key) ? t(key as "history.types.ticket_opened") : entry.type;
  const who = actorOf(entry.actor, names) ?? t("history.system");
  const whom = entry.on_behalf_of === null ? null : actorOf(entry.on_behalf_of, names);
  return (
    <div className={classes.entry}>
      <div>
        <Text span size="sm" fw={600}>
          {who}
        </Text>
        {whom && (
          <Text span size="sm" c="dimmed">
            {" "}
            {t("history.for", { name: whom })}
          </Text>
        )}
      </div>
      <div>{what}</div>
      {Object.entries(entry.changes).map(([name, change]) => (
        <div key={name} className={classes.change}>
          {i18n.exists(`history.fields.${name}`) ? t(`history.fields.${name}` as "history.fields.subject") : name}:{" "}
          {shownValue(change.from, names, format.instant)} → {shownValue(change.to, names, format.instant)}
        </div>
      ))}
      <Text size="xs" c="dimmed" title={format.exact(entry.at)}>
        {format.instant(entry.at)}
      </Text>
    </div>
  );
}
