/** What things and people are called, and what there is to choose from. They seldom change, and `refresh` tells when. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { Administrator, Department } from "@/api/types";
import { byName } from "./byName";
import { allPages } from "./pages";

const LONG = 600_000;
const limit = 200;

export interface Choice {
  id: string;
  name: string;
  enabled?: boolean;
}

function useChoices<T extends Choice>(name: string, read: () => Promise<T[]>): UseQueryResult<T[]> {
  return useQuery({
    queryKey: ["lookups", name],
    queryFn: async () => (await read()).sort(byName),
    staleTime: LONG,
  });
}

export const useDepartments = () =>
  useChoices<Department & Choice>("departments", () =>
    allPages((cursor) => answer(api.GET("/api/routing/departments", { params: { query: { limit, ...cursor } } }))),
  );

export const useAdministrators = () =>
  useChoices<Administrator & Choice>("administrators", () =>
    allPages((cursor) => answer(api.GET("/api/accounts/administrators", { params: { query: { limit, ...cursor } } }))),
  );

export const useCategories = () =>
  useChoices("categories", () =>
    allPages((cursor) => answer(api.GET("/api/routing/categories", { params: { query: { limit, ...cursor } } }))),
  );

export const useProjects = () =>
  useChoices("projects", () =>
    allPages((cursor) => answer(api.GET("/api/accounts/projects", { params: { query: { limit, ...cursor } } }))),
  );

export const useGroups = () =>
  useChoices("groups", () =>
    allPages((cursor) => answer(api.GET("/api/accounts/groups", { params: { query: { limit, ...cursor } } }))),
  );

export function useUser(id: string | undefined) {
  return useQuery({
    queryKey: ["lookups", "user", id],
    queryFn: () => answer(api.GET("/api/accounts/users/{user_id}", { params: { path: { user_id: id ?? "" } } })),
    enabled: id !== undefined,
    staleTime: LONG,
  });
}

export function useAccount(id: string | undefined) {
  return useQuery({
    queryKey: ["account", id],
    queryFn: () =>
      answer(api.GET("/api/accounts/accounts/{account_id}", { params: { path: { account_id: id ?? "" } } })),
    enabled: id !== undefined,
    staleTime: LONG,
  });
}

/** Those that an account's tickets may have. */
export function useOpenCategories(account: string | undefined) {
  return useQuery({
    queryKey: ["lookups", "open-categories", account],
    queryFn: async () =>
      (await answer(api.GET("/api/intake/categories", { params: { query: { account_id: account ?? "" } } }))).items,
    enabled: account !== undefined,
    staleTime: LONG,
  });
}
