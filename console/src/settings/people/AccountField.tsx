import { Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { useAccount } from "@/lookups/lookups";

const PAUSE_MILLISECONDS = 200;

/** Accounts whose names have this in them, the first few: there may be a million. */
export function useAccountsNamed(text: string) {
  const [name] = useDebouncedValue(text.trim(), PAUSE_MILLISECONDS);
  return useQuery({
    queryKey: ["lookups", "accounts", name],
    queryFn: async () =>
      (
        await answer(
          api.GET("/api/accounts/accounts", { params: { query: { limit: 20, ...(name === "" ? {} : { name }) } } }),
        )
      ).items,
    placeholderData: keepPreviousData,
  });
}

type Props = Omit<SelectProps, "data" | "value" | "onChange"> & {
  value?: string | null;
  onChange?: (id: string | null) => void;
};

export function AccountField({ value = null, ...rest }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const set = useAccount(value ?? undefined);
  const found = useAccountsNamed(set.data?.name === text ? "" : text);
  const offered = [...(set.data ? [set.data] : []), ...(found.data ?? []).filter((each) => each.id !== set.data?.id)];
  return (
    <Select
      {...rest}
      value={value}
      data={offered.map((each) => ({ value: each.id, label: each.name }))}
      searchable
      onSearchChange={setText}
      filter={({ options }) => options}
      nothingFoundMessage={t("filters.nothingFound")}
    />
  );
}
