import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";

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
  const mutationKey = ["order", section];
  const isLast = () => queries.isMutating({ mutationKey }) === 1;
  const versions = useRef(new Map<string, number>());
  /** The numbers that are on their way: a list that is read meanwhile knows some of them only. */
  const [sent, setSent] = useState<ReadonlyMap<string, number>>(new Map());
  const shown = inOrder(items.map((each) => placed(each, sent.get(each.id))));
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
    onSettled: async () => {
      if (isLast()) await forget();
      if (isLast()) setSent(new Map());
    },
  });
  const move = (from: number, to: number) => {
    const changes = renumbered(moved(shown, from, to), to);
    setSent(new Map([...sent, ...changes.map(({ item, order }) => [item.id, order] as const)]));
    mutate(changes);
  };
  return { shown, move };
}

const placed = <T extends Placed>(item: T, order: number | undefined): T =>
  order === undefined ? item : { ...item, order };

/** As a service lists them: by their numbers, those of one number as they came. */
export const inOrder = <T extends Placed>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
