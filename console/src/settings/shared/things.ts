/** Reading and keeping what is set: one way for all of it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";

import type { Told } from "@/api/client";
import { isProblem } from "@/api/problems";

import type { Section } from "../sections";

/** What one service has just told of, another may know a moment later. */
const TRIES = 6;
const PAUSE_MILLISECONDS = 300;

/** In the address, in place of an id. */
export const NEW = "new";

/** A thing's page needs it as it is now, also when one comes back to the tab, and keeps nothing of it for the next time. */
export function useThing<T>(section: Section, id: string, read: (id: string) => Promise<Told<T>>) {
  return useQuery({
    queryKey: ["settings", section, "one", id],
    queryFn: async () => (id === NEW ? null : read(id)),
    gcTime: 0,
    staleTime: Infinity,
    refetchOnWindowFocus: "always",
    retry: (failures, error) => failures < TRIES && isProblem(error, "not-found"),
    retryDelay: PAUSE_MILLISECONDS,
  });
}

export function useThings<T>(section: Section, read: () => Promise<T>) {
  return useQuery({ queryKey: ["settings", section, "all"], queryFn: read, staleTime: 0 });
}

/** Make lists and choices be read again, once something has been saved. */
export function useForget(section: Section): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["settings", section], refetchType: "active" }),
      queries.invalidateQueries({ queryKey: ["lookups"] }),
      queries.invalidateQueries({ queryKey: ["account"] }),
    ]);
  };
}

/** The header of a change: what it is based on. */
export const onVersion = (version: number) => ({ "If-Match": `"${version}"` });
