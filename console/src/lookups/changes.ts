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
  const shown = (part: unknown) => shownValue(part, names, instant);
  if (value === null || value === undefined || value === "") return "—";
  if (Array.isArray(value)) return value.length > 0 ? value.map(shown).join(", ") : "—";
  if (typeof value === "string") return INSTANT.test(value) ? instant(value) : (names[value] ?? value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return Object.entries(value)
    .filter(([, part]) => part !== null)
    .map(([name, part]) => `${name}: ${typeof part === "object" ? `(${shown(part)})` : shown(part)}`)
    .join(", ");
}
