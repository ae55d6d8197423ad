import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { useFormat } from "@/i18n/useFormat";

import { BehindPage } from "./BehindPage";
import classes from "./overview.module.css";

/** The waits that a figure of answers counts, in the order of their ends. */
export function WaitsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search = useSearch({ from: "/staff/overview/answers" });
  const query = useInfiniteQuery({
    queryKey: ["figures", "waits", search],
    queryFn: ({ pageParam, signal }) => {
      const { outcome = [], ...counted } = search;
      const asked = { ...counted, outcome, limit: 100, ...(pageParam !== null && { cursor: pageParam }) };
      return answer(api.GET("/api/query/figures/answers/waits", { params: { query: asked }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
  const heads = [
    t("overview.outcome"),
    t("overview.waited"),
    t("overview.answeredAt"),
    t("overview.due"),
    t("columns.administrator"),
    t("columns.department"),
  ];
  const only = search.outcome?.length === 1 ? search.outcome[0] : undefined;
  return (
    <BehindPage
      title={only ? t(`overview.outcomes.${only}`) : t("overview.answers")}
      search={search}
      heads={heads}
      query={query}
      itemOf={(wait) => ({
        id: `${wait.ticket.id} ${wait.since}`,
        ticket: wait.ticket,
        cells: [
          <span key="outcome">
            <i className={`${classes.dot} ${classes[wait.outcome]}`} aria-hidden />{" "}
            {t(`overview.outcomes.${wait.outcome}`)}
          </span>,
          format.duration((Date.parse(wait.ended_at) - Date.parse(wait.since)) / 1000),
          format.instant(wait.ended_at),
          wait.due_at === null ? "–" : format.instant(wait.due_at),
          wait.administrator?.name ?? "–",
          wait.department?.name ?? "–",
        ],
      })}
    />
  );
}
