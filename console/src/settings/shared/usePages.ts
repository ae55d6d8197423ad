import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import type { Section } from "../sections";

interface PageOf<T> {
  items: T[];
  next_cursor: string | null;
}

/** A list that may be long, page after page by its cursors. */
export function usePages<P extends PageOf<unknown>>(
  section: Section,
  asked: object,
  read: (cursor: { cursor?: string }) => Promise<P>,
  enabled = true,
) {
  const query = useInfiniteQuery({
    queryKey: ["settings", section, "pages", asked],
    queryFn: ({ pageParam }) => read(pageParam === null ? {} : { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 0,
    enabled,
  });
  const items: P["items"] = query.data?.pages.flatMap((page) => page.items) ?? [];
  return { ...query, items };
}
