/** The language of conditions, as the form takes it apart. */
import type { Condition } from "@/api/types";

export type Kind = Condition["kind"];
export type Many = Extract<Condition, { kind: "all" | "any" }>;

/** In the order in which they are offered. */
export const KINDS: readonly Kind[] = [
  "all",
  "any",
  "not",
  "category",
  "urgency",
  "channel",
  "language",
  "subject",
  "text",
  "account",
  "attitude",
  "group",
  "project",
  "services",
  "expenses",
  "time_of_day",
  "working_hours",
];

/** A part of this kind that says nothing yet. */
export function blank(kind: Kind): Condition {
  switch (kind) {
    case "all":
    case "any":
      return { kind, of: [] };
    case "not":
      return { kind, of: blank("category") };
    case "category":
    case "account":
    case "group":
    case "project":
      return { kind, ids: [] };
    case "attitude":
    case "urgency":
    case "channel":
    case "language":
      return { kind, values: [] };
    case "services":
      return { kind, product_types: [], at_least: 1 };
    case "expenses":
      return { kind, at_least: "100" };
    case "subject":
    case "text":
      return { kind, contains: [] };
    case "time_of_day":
      return { kind, starts: "22:00", ends: "06:00" };
    case "working_hours":
      return { kind, inside: true };
  }
}

/** The part as another kind: what is within stays, where both have something within. */
export function turned(condition: Condition, kind: Kind): Condition {
  if (isMany(condition) && (kind === "all" || kind === "any")) return { kind, of: condition.of ?? [] };
  if (kind === "all" || kind === "any") return { kind, of: condition.kind === "not" ? [condition.of] : [condition] };
  if (kind === "not" && !isMany(condition)) return { kind, of: condition };
  return blank(kind);
}

export const isMany = (condition: Condition): condition is Many => condition.kind === "all" || condition.kind === "any";

/** At the top there is always a list, so that parts can be added. */
export function asList(condition: Condition | undefined): { condition: Many; isWrapped: boolean } {
  if (condition === undefined) return { condition: { kind: "all", of: [] }, isWrapped: false };
  if (isMany(condition)) return { condition, isWrapped: false };
  return { condition: { kind: "all", of: [condition] }, isWrapped: true };
}
