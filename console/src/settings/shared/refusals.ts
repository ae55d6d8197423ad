/** Which fields a refusal is about. */
import { isRecord, Problem } from "@/api/problems";

export interface Refusal {
  /** By the field's path in the form: `services.0.price`. */
  fields: Record<string, string>;
  /** What belongs to no field. */
  rest: string[];
}

/** Takes a problem apart; `slugs` says which field a problem without pointers belongs to. */
export function refusalOf(error: unknown, slugs: Readonly<Record<string, string>>, words: string): Refusal {
  if (!(error instanceof Problem)) return { fields: {}, rest: [words] };
  const field = slugs[error.slug];
  if (field !== undefined) return { fields: { [field]: words }, rest: [] };
  const told = Array.isArray(error.members.errors) ? error.members.errors.filter(isRecord) : [];
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  for (const { pointer, detail } of told) {
    const path = typeof pointer === "string" ? pathOf(pointer) : "";
    if (path === "") rest.push(String(detail));
    else fields[path] = String(detail);
  }
  return told.length > 0 ? { fields, rest } : { fields, rest: [words] };
}

/** `/services/0/price` is `services.0.price`; what is no place in the body has none. */
function pathOf(pointer: string): string {
  if (!pointer.startsWith("/")) return "";
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");
}
