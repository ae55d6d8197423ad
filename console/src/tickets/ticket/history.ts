/** Words for what the history tells. */

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** `ticket.opened.v1` is `ticket_opened`, whichever its version. */
export function keyOf(type: string): string {
  return type.replace(/\.v\d+$/, "").replaceAll(".", "_");
}

/** `user:<id>` by name, a system by its key; null for the product itself. */
export function actorOf(actor: string, names: Readonly<Record<string, string>>): string | null {
  const [kind, id = ""] = actor.split(":");
  if (kind === "service") return null;
  return names[id] ?? id;
}

export function shownValue(
  value: unknown,
  names: Readonly<Record<string, string>>,
  instant: (iso: string) => string = (iso) => iso,
): string {
  if (value === null || value === undefined || value === "") return "—";
  if (Array.isArray(value))
    return value.length > 0 ? value.map((each) => shownValue(each, names, instant)).join(", ") : "—";
  if (typeof value === "string") return INSTANT.test(value) ? instant(value) : (names[value] ?? value);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : JSON.stringify(value);
}
