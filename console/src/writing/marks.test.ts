import { expect, test } from "vitest";

import { marked } from "./marks";

test("marks go around what is selected, which stays selected", () => {
  expect(marked("is late", 3, 7, "bold")).toEqual({ text: "is **late**", from: 5, to: 9 });
});

test("without a selection one writes between the marks", () => {
  expect(marked("", 0, 0, "italic")).toEqual({ text: "**", from: 1, to: 1 });
});

test("several lines of code are a block", () => {
  expect(marked("a\nb", 0, 3, "code").text).toBe("```\na\nb\n```");
});

test("each touched line is an item, also where the selection begins within it", () => {
  expect(marked("one\ntwo\nthree", 5, 13, "list").text).toBe("one\n- two\n- three");
});
