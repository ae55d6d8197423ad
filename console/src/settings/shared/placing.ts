/** Moving things in an ordered list whose places are numbers. */
export interface Placed {
  id: string;
  order?: number;
}

const STEP = 10;

/** The list with one of it moved to another place. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const result = [...items];
  result.splice(to, 0, ...result.splice(from, 1));
  return result;
}

/**
 * Which of the list, as it is to be, need another number: the moved one alone where there is room between its neighbours,
 * else all whose number is not a multiple of the step already.
 */
export function renumbered<T extends Placed>(items: readonly T[], at: number): { item: T; order: number }[] {
  const item = items[at];
  if (item === undefined) return [];
  const before = items[at - 1]?.order ?? (items[at + 1]?.order ?? 0) - 2 * STEP;
  const after = items[at + 1]?.order ?? before + 2 * STEP;
  const between = Math.floor((before + after) / 2);
  if (before < between && between < after && isAscending(items.filter((_, place) => place !== at))) {
    return [{ item, order: between }];
  }
  return items
    .map((each, place) => ({ item: each, order: (place + 1) * STEP }))
    .filter(({ item: each, order }) => (each.order ?? 0) !== order);
}

const isAscending = (items: readonly Placed[]) =>
  items.every((each, place) => place === 0 || (items[place - 1]?.order ?? 0) <= (each.order ?? 0));
