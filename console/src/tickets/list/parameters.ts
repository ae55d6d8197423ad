import type { NewView } from "@/api/types";

import type { Filters } from "./filters";

type Parameters = NonNullable<NewView["filters"]>;

/** Filters as the API takes them: what is not set is left out. What is no value of a filter is the service's to refuse. */
export function parametersOf(filters: Filters): Parameters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}

/** The same as a query in an address. */
export function withFilters(filters: Filters, further: Record<string, string | readonly string[]> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...parametersOf(filters), ...further })) {
    for (const each of Array.isArray(value) ? value : [value]) query.append(name, String(each));
  }
  return query.toString();
}
