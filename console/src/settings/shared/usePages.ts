import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import type { Section } from "../sections";

interface PageOf<T> {
  items: T[];
  next_cursor: string | null;
}

/** A list that may be long, page after page by its cursors. */
export function usePages<T>(
  section: Section,
  asked: object,
  read: (cursor: { cursor?: string }) => Promise<PageOf<T>>,
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
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) ?? [] };
}
