import { MultiSelect } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { useAccountsNamed } from "@/lookups/found";

import classes from "../settings.module.css";

interface Props {
  label: string;
  ids: string[];
  onChange: (ids: string[]) => void;
}

/** Several accounts, found by their names. */
export function AccountsField({ label, ids, onChange }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const found = useAccountsNamed(text);
  const names = useQueries({
    queries: ids.map((id) => ({
      queryKey: ["account", id],
      queryFn: () => answer(api.GET("/api/accounts/accounts/{account_id}", { params: { path: { account_id: id } } })),
    })),
  });
  const set = ids.map((id, place) => ({ value: id, label: names[place]?.data?.name ?? "…" }));
  const others = (found.data ?? []).filter((each) => !ids.includes(each.id));
  return (
    <MultiSelect
      className={classes.grow ?? ""}
      aria-label={label}
      searchable
      hidePickedOptions
      filter={({ options }) => options}
      onSearchChange={setText}
      nothingFoundMessage={t("filters.nothingFound")}
      data={[...set, ...others.map((each) => ({ value: each.id, label: each.name }))]}
      value={ids}
      onChange={onChange}
    />
  );
}
