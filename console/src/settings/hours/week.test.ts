import { expect, test } from "vitest";

import { DAY_MINUTES, isOpen, isTouched, openMinutes, painted, toldOf, weekOf } from "./week";

const closed = weekOf({});
const h = 60;

test("what a service tells comes back as it was", () => {
  const told = {
    mon: [
      ["08:00", "13:00"],
      ["14:00", "18:00"],
    ],
    fri: [["22:00", "06:00"]],
    sat: [["00:00", "24:00"]],
  };
  const week = weekOf(told as Parameters<typeof weekOf>[0]);
  expect(toldOf(week)).toEqual({ ...told, tue: [], wed: [], thu: [], sun: [] });
  expect(openMinutes(week)).toBe((5 + 4 + 8 + 24) * h);
});

test("no week at all is open day and night", () => {
  expect(openMinutes(weekOf(null))).toBe(7 * DAY_MINUTES);
});

test("stretches that touch are one, and a hole makes two", () => {
  let week = painted(closed, 0, 9 * h, 12 * h, true);
  week = painted(week, 0, 12 * h, 17 * h, true);
  expect(toldOf(week).mon).toEqual([["09:00", "17:00"]]);
  week = painted(week, 0, 12 * h, 12 * h + 30, false);
  expect(toldOf(week).mon).toEqual([
    ["09:00", "12:00"],
    ["12:30", "17:00"],
  ]);
});

test("a night is open on the morning after, and closing there cuts the night", () => {
  const week = weekOf({ sun: [["22:00", "06:00"]] });
  expect(isOpen(week, 0, 5 * h, 6 * h)).toBe(true);
  expect(isTouched(week, 0, 6 * h, 7 * h)).toBe(false);
  const cut = toldOf(painted(week, 0, 2 * h, 3 * h, false));
  expect([cut.sun, cut.mon]).toEqual([[["22:00", "02:00"]], [["03:00", "06:00"]]]);
});

test("to the minute: half an hour that is partly open is not whole", () => {
  const week = weekOf({ tue: [["08:15", "09:00"]] });
  expect(isOpen(week, 1, 8 * h, 8 * h + 30)).toBe(false);
  expect(isTouched(week, 1, 8 * h, 8 * h + 30)).toBe(true);
});
