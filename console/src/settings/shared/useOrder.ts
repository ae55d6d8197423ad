import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";

import type { Section } from "../sections";
import { moved, renumbered, type Placed } from "./placing";
import { useForget } from "./things";

interface Versioned extends Placed {
  version: number;
}

/**
 * Puts a list in another order: at once on the screen, and by one change for each number that is another. Who moves
 * something again before that is done moves what it has become by then.
 */
export function useOrder<T extends Versioned>(
  section: Section,
  items: readonly T[],
  change: (item: T, order: number) => Promise<{ version: number }>,
) {
  const queries = useQueryClient();
  const forget = useForget(section);
  const queryKey = ["settings", section, "all"];
  const mutationKey = ["order", section];
  const versions = useRef(new Map<string, number>());
  const { mutate } = useMutation({
    mutationKey,
    scope: { id: mutationKey.join(" ") },
    mutationFn: async (changes: { item: T; order: number }[]) => {
      for (const { item, order } of changes) {
        const version = Math.max(item.version, versions.current.get(item.id) ?? 0);
        versions.current.set(item.id, (await change({ ...item, version }, order)).version);
      }
    },
    // Whatever was refused is shown as it is, once there is no move left that the answer would not know of.
    onSettled: () => (queries.isMutating({ mutationKey }) === 1 ? forget() : undefined),
  });
  return (from: number, to: number) => {
    const wanted = moved(items, from, to);
    const changes = renumbered(wanted, to);
    const orders = new Map(changes.map(({ item, order }) => [item.id, order]));
    queries.setQueryData(
      queryKey,
      wanted.map((each) => ({ ...each, order: orders.get(each.id) ?? each.order })),
    );
    mutate(changes);
  };
}

/** As a service lists them: by their numbers, those of one number as they came. */
export const inOrder = <T extends Placed>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
