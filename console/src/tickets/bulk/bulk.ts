import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import { once } from "@/api/keys";
import type { BulkRequest, BulkResult } from "@/api/types";

const AT_ONCE = 200;

export type BulkAction = BulkRequest["action"];
type Without<T> = T extends unknown ? Omit<T, "ticket_ids"> : never;
export type BulkWish = Without<BulkRequest>;

/** Does the same to many tickets, in requests of the size that the service takes; answers what came of each. */
export function useBulk() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ ids, wish }: { ids: string[]; wish: BulkWish }): Promise<BulkResult[]> => {
      const results: BulkResult[] = [];
      for (let from = 0; from < ids.length; from += AT_ONCE) {
        const body = { ...wish, ticket_ids: ids.slice(from, from + AT_ONCE) };
        results.push(
          ...(await answer(api.POST("/api/intake/tickets/bulk", { params: { header: once() }, body }))).results,
        );
      }
      return results;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["tickets"] }),
  });
}
