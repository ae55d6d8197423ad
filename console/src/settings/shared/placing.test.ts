import { expect, test } from "vitest";

import { moved, renumbered } from "./placing";

const list = (...orders: number[]) => orders.map((order, place) => ({ id: String(place), order }));
const apply = (items: { id: string; order: number }[], from: number, to: number) => {
  const wanted = moved(items, from, to);
  const changes = renumbered(wanted, to);
  const orders = new Map(changes.map(({ item, order }) => [item.id, order]));
  return { changes, after: wanted.map((each) => orders.get(each.id) ?? each.order), wanted };
};

test("only the moved one is numbered anew where there is room", () => {
  const { changes, after } = apply(list(10, 20, 30), 2, 0);
  expect(changes.map(({ item }) => item.id)).toEqual(["2"]);
  expect(after).toEqual([...after].sort((a, b) => a - b));
});

test.each([
  [0, 2],
  [2, 0],
  [1, 2],
  [0, 1],
])("whatever is moved, %i to %i, numbers ascend strictly afterwards, also from ties", (from, to) => {
  for (const items of [list(0, 0, 0), list(10, 20, 30), list(1, 2, 3), list(5, 5, 6)]) {
    const { after } = apply(items, from, to);
    const moving = after[to] ?? NaN;
    for (const [place, order] of after.entries()) {
      if (place < to) expect(order).toBeLessThan(moving);
      if (place > to) expect(order).toBeGreaterThan(moving);
    }
  }
});
