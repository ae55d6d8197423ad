interface PageOf<T> {
  items: T[];
  next_cursor: string | null;
}

/** All pages of a list that is short enough to be chosen from. */
export async function allPages<T>(page: (cursor: { cursor?: string }) => Promise<PageOf<T>>): Promise<T[]> {
  const found: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const next: PageOf<T> = await page(cursor === undefined ? {} : { cursor });
    found.push(...next.items);
    cursor = next.next_cursor;
  }
  return found;
}
