import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import en from "./en.json";
import ru from "./ru.json";

interface Messages {
  [key: string]: string | Messages;
}

const PLURAL = /_(zero|one|two|few|many|other)$/;

function keys(messages: Messages, prefix = ""): string[] {
  return Object.entries(messages).flatMap(([key, value]) =>
    typeof value === "string" ? [prefix + key] : keys(value, `${prefix}${key}.`),
  );
}

function texts(messages: Messages, prefix = ""): [string, string][] {
  return Object.entries(messages).flatMap(([key, value]) =>
    typeof value === "string" ? [[prefix + key, value] as [string, string]] : texts(value, `${prefix}${key}.`),
  );
}

const bare = (all: string[]) => [...new Set(all.map((key) => key.replace(PLURAL, "")))].sort();
const placeholders = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();

test("every message is there in every language", () => {
  expect(bare(keys(ru))).toEqual(bare(keys(en)));
});

test.each([
  ["en", en],
  ["ru", ru],
])("what has a number has all plural forms of %s", (language, messages) => {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const all = new Set(keys(messages));
  const plural = bare([...all].filter((key) => PLURAL.test(key)));
  const missing = plural.flatMap((key) => forms.map((form) => `${key}_${form}`)).filter((key) => !all.has(key));
  expect(missing).toEqual([]);
});

test("both languages fill in the same", () => {
  const russian = new Map(texts(ru));
  for (const [key, text] of texts(en)) {
    const other = russian.get(key);
    if (other !== undefined && !PLURAL.test(key)) expect([key, placeholders(other)]).toEqual([key, placeholders(text)]);
  }
});

test("no message is there that nobody uses", () => {
  const source = sources(join(import.meta.dirname, ".."));
  const dynamic = [...source.matchAll(/`([\w.]+\.)\${/g)].map((match) => match[1] ?? "");
  const unused = bare(keys(en)).filter(
    (key) => !source.includes(`"${key}"`) && !dynamic.some((prefix) => prefix !== "" && key.startsWith(prefix)),
  );
  expect(unused).toEqual([]);
});

function sources(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /(?<!\.test)\.tsx?$/.test(name) && !name.startsWith("api/schema"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
}
