import { useMutation, useQueryClient } from "@tanstack/react-query";

import type { Section } from "../sections";
import { moved, renumbered, type Placed } from "./placing";
import { useForget } from "./things";

/** Puts a list in another order: at once on the screen, and by one change for each number that is another. */
export function useOrder<T extends Placed>(
  section: Section,
  items: readonly T[],
  change: (item: T, order: number) => Promise<unknown>,
) {
  const queries = useQueryClient();
  const forget = useForget(section);
  const queryKey = ["settings", section, "all"];
  const { mutate } = useMutation({
    scope: { id: `order ${section}` },
    mutationFn: async (changes: { item: T; order: number }[]) => {
      for (const { item, order } of changes) await change(item, order);
    },
    onSettled: forget, // whatever was refused is shown as it is
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
