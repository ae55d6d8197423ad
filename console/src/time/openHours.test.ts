import { expect, test } from "vitest";

import { nextChange, openBetween } from "./openHours";

const nineToFive = { opens: [9, 33], closes: [17, 41] };

test("without hours every moment counts", () => {
  expect(openBetween(undefined, 3, 10)).toBe(7);
});

test("time stands still while closed", () => {
  expect(openBetween(nineToFive, 17, 33)).toBe(0);
  expect(openBetween(nineToFive, 0, 9)).toBe(0);
});

test("only what lies inside is counted", () => {
  expect(openBetween(nineToFive, 8, 10)).toBe(1);
  expect(openBetween(nineToFive, 16, 34)).toBe(2);
  expect(openBetween(nineToFive, 0, 50)).toBe(16);
});

test("a reversed range is nothing", () => {
  expect(openBetween(nineToFive, 12, 10)).toBe(0);
});

test("the next change is an opening while closed and a closing while open", () => {
  expect(nextChange(nineToFive, 3)).toEqual({ opens: true, at: 9 });
  expect(nextChange(nineToFive, 9)).toEqual({ opens: false, at: 17 });
  expect(nextChange(nineToFive, 17)).toEqual({ opens: true, at: 33 });
  expect(nextChange(nineToFive, 41)).toBeNull();
});
