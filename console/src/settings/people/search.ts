/** What a list of people is narrowed by, in the address. */
export interface PeopleSearch {
  name?: string | undefined;
  attitude?: "good" | "neutral" | "bad" | undefined;
  group_id?: string | undefined;
  project_id?: string | undefined;
  account_id?: string | undefined;
  enabled?: boolean | undefined;
}

export function parsePeopleSearch(raw: Record<string, unknown>): PeopleSearch {
  const found: PeopleSearch = {};
  if (typeof raw.name === "string" || typeof raw.name === "number") found.name = String(raw.name);
  if (raw.attitude === "good" || raw.attitude === "neutral" || raw.attitude === "bad") found.attitude = raw.attitude;
  for (const key of ["group_id", "project_id", "account_id"] as const) {
    const value = raw[key];
    if (typeof value === "string") found[key] = value;
  }
  if (typeof raw.enabled === "boolean") found.enabled = raw.enabled;
  return found;
}

/** As a query's parameters: what is not set is not there. */
export function asked<T extends object>(search: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(search).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
