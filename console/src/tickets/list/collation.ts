/** What names and subjects are sorted by, as query makes its keys: without case, accents and leading zeros. */

const LONGEST = 100;

const BESIDE: Record<string, string> = {
  ...{ ø: "o", ł: "l", đ: "d", ð: "d", æ: "ae", œ: "oe", þ: "th", ı: "i" },
  ...{ ґ: "г", є: "е", і: "и" },
};
const SHORT_I = "и\u0306";

const known = new Map<string, string>();
const KEPT = 10_000;

/** Keys are compared by their characters: numbers in them are in the order of their values, 2 before 10. */
export function sortedAs(text: string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  const key = made(text);
  if (known.size >= KEPT) known.clear();
  known.set(text, key);
  return key;
}

function made(text: string): string {
  const key = plain(folded(first(text)));
  const counted = key.trim().replace(/0*([0-9]+)/g, (_, digits: string) => `${Math.min(digits.length, 9)}${digits}`);
  return first(counted);
}

const first = (text: string) => Array.from(text).slice(0, LONGEST).join("");

/** Upper case first: so ß and the like become what they are folded to. */
const folded = (text: string) => text.toUpperCase().toLowerCase();

function plain(text: string): string {
  const apart = Array.from(text, (char) => BESIDE[char] ?? char).join("");
  return folded(apart.normalize("NFKD").replaceAll(SHORT_I, "й")).replace(/\p{Mn}/gu, "");
}
