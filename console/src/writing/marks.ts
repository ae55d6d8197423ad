/** Putting Markdown's marks around what is selected. */
export type Mark = "bold" | "italic" | "code" | "list" | "quote";

const AROUND: Partial<Record<Mark, string>> = { bold: "**", italic: "*" };
const BEFORE: Partial<Record<Mark, string>> = { list: "- ", quote: "> " };

export interface Marked {
  text: string;
  /** What is selected afterwards. */
  from: number;
  to: number;
}

export function marked(text: string, from: number, to: number, mark: Mark): Marked {
  const before = BEFORE[mark];
  if (before !== undefined) return prefixed(text, from, to, before);
  const isBlock = mark === "code" && text.slice(from, to).includes("\n");
  const [opening, closing] = isBlock ? ["```\n", "\n```"] : [AROUND[mark] ?? "`", AROUND[mark] ?? "`"];
  return {
    text: text.slice(0, from) + opening + text.slice(from, to) + closing + text.slice(to),
    from: from + opening.length,
    to: to + opening.length,
  };
}

/** Before each line that is touched. */
function prefixed(text: string, from: number, to: number, before: string): Marked {
  const begin = text.lastIndexOf("\n", from - 1) + 1;
  const lines = text.slice(begin, to).split("\n");
  const changed = lines.map((line) => before + line).join("\n");
  return {
    text: text.slice(0, begin) + changed + text.slice(to),
    from: from + before.length,
    to: to + before.length * lines.length,
  };
}
