import { Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";

const SHOWN = 20;
const PAUSE_MILLISECONDS = 200;

type Props = Omit<SelectProps, "data" | "value" | "onChange"> & {
  /** Whose tickets are offered; none before it is known. */
  account: string | undefined;
  value?: string | null;
  onChange?: (id: string | null) => void;
};

/** A ticket of an account: the newest ones, or those that a text finds. */
export function TicketField({ account, value = null, ...rest }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [text] = useDebouncedValue(typed.trim(), PAUSE_MILLISECONDS);
  const { data = [] } = useQuery({
    queryKey: ["lookups", "tickets", account, text],
    queryFn: async ({ signal }) => {
      const query = { account_id: account ?? "", state: "all", sort: "id", order: "desc", limit: SHOWN } as const;
      const found = api.GET("/api/query/tickets", {
        params: { query: { ...query, ...(text !== "" && { text }) } },
        signal,
      });
      return (await answer(found)).items.map((each) => ({ value: each.id, label: `#${each.number} ${each.subject}` }));
    },
    enabled: account !== undefined,
    placeholderData: keepPreviousData,
  });
  return (
    <Select
      {...rest}
      required
      disabled={account === undefined}
      value={value}
      data={data}
      searchable
      onSearchChange={(next) => setTyped(data.some((each) => each.label === next) ? "" : next)}
      filter={({ options }) => options}
      nothingFoundMessage={t("filters.nothingFound")}
    />
  );
}
