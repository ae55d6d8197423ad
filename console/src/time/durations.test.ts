import { expect, test } from "vitest";

import { formatDuration } from "./durations";

test.each([
  [0, "0s"],
  [45, "45s"],
  [60, "1m"],
  [3_599, "59m"],
  [3_600, "1h"],
  [12_000, "3h 20m"],
  [86_400 + 3_600 * 4 + 60, "1d 4h"],
  [86_400 * 3, "3d"],
  [-5_400, "−1h 30m"],
])("%d seconds are %s", (seconds, text) => {
  expect(formatDuration(seconds, "en")).toBe(text);
});

test("in Russian", () => {
  expect(formatDuration(12_000, "ru").replaceAll(" ", " ")).toBe("3 ч 20 мин");
});

test("in full words, for whoever listens", () => {
  expect(formatDuration(12_000, "en", "long")).toBe("3 hours 20 minutes");
});
