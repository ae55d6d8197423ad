import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { useAccount, useUser } from "@/lookups/lookups";

interface Props {
  kind: "accounts" | "users";
  /** Of which account users are to be found; of any, if of none. */
  account?: string | undefined;
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}

const SHOWN = 20;
const PAUSE = 200;

/** One of too many to list: found by a part of its name. */
export function PersonChoice({ kind, account, value, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [name] = useDebouncedValue(typed.trim(), PAUSE);
  const chosenAccount = useAccount(kind === "accounts" ? value : undefined).data;
  const chosenUser = useUser(kind === "users" ? value : undefined).data;
  const chosen = kind === "accounts" ? chosenAccount : chosenUser;
  const { data } = useQuery({
    queryKey: ["lookups", kind, name, account],
    queryFn: ({ signal }) => found(kind, name, account, signal),
    placeholderData: keepPreviousData,
  });
  const options = (data ?? []).map((each) => ({ value: each.id, label: each.name }));
  if (chosen && !options.some((each) => each.value === chosen.id)) {
    options.unshift({ value: chosen.id, label: chosen.name });
  }
  return (
    <Select
      size="xs"
      label={t(kind === "accounts" ? "filters.account_id" : "filters.user_id")}
      data={options}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      onSearchChange={(text) => setTyped(text === chosen?.name ? "" : text)}
      filter={({ options: all }) => all}
      searchable
      clearable
      comboboxProps={{ withinPortal: false }}
      nothingFoundMessage={t("filters.nothingFound")}
    />
  );
}

async function found(kind: Props["kind"], name: string, account: string | undefined, signal: AbortSignal) {
  const part = name === "" ? {} : { name };
  if (kind === "accounts") {
    const query = { limit: SHOWN, ...part };
    return (await answer(api.GET("/api/accounts/accounts", { params: { query }, signal }))).items;
  }
  const query = { limit: SHOWN, ...part, ...(account !== undefined && { account_id: account }) };
  return (await answer(api.GET("/api/accounts/users", { params: { query }, signal }))).items;
}
