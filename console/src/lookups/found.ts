/** Accounts and users by a part of their names, the first few: there may be a million. */
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { answer, api } from "@/api/client";

const SHOWN = 20;
const PAUSE_MILLISECONDS = 200;

function useNamed<T>(kind: string, text: string, read: (query: { limit: number; name?: string }) => Promise<T[]>) {
  const [name] = useDebouncedValue(text.trim(), PAUSE_MILLISECONDS);
  return useQuery({
    queryKey: ["lookups", kind, name],
    queryFn: () => read({ limit: SHOWN, ...(name === "" ? {} : { name }) }),
    placeholderData: keepPreviousData,
  });
}

export const useAccountsNamed = (text: string) =>
  useNamed(
    "accounts",
    text,
    async (query) => (await answer(api.GET("/api/accounts/accounts", { params: { query } }))).items,
  );

export const useUsersNamed = (text: string) =>
  useNamed("users", text, async (query) => (await answer(api.GET("/api/accounts/users", { params: { query } }))).items);
