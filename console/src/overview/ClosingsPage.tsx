import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { useFormat } from "@/i18n/useFormat";

import { BehindPage } from "./BehindPage";
import { countedIn } from "./period";

/** The closings that a figure counts, in their order. */
export function ClosingsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search = useSearch({ from: "/staff/overview/closings" });
  const query = useInfiniteQuery({
    queryKey: ["figures", "closed", search],
    queryFn: ({ pageParam, signal }) => {
      const asked = { ...countedIn(search), limit: 100, ...(pageParam !== null && { cursor: pageParam }) };
      return answer(api.GET("/api/query/figures/closings/tickets", { params: { query: asked }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
  const heads = [
    t("overview.reason"),
    t("overview.wasOpen"),
    t("overview.closedAt"),
    t("columns.administrator"),
    t("columns.department"),
  ];
  return (
    <BehindPage
      title={t("overview.closings.title")}
      search={search}
      heads={heads}
      query={query}
      itemOf={(closing) => ({
        id: `${closing.ticket.id} ${closing.ended_at}`,
        ticket: closing.ticket,
        cells: [
          t(`overview.reasons.${closing.reason}`),
          format.duration((Date.parse(closing.ended_at) - Date.parse(closing.since)) / 1000),
          format.instant(closing.ended_at),
          closing.administrator?.name ?? "–",
          closing.department?.name ?? "–",
        ],
      })}
    />
  );
}
