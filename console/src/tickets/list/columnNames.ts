/** What columns there are, and what they are called where views are kept and lists exported. */

export const COLUMN_NAMES = [
  "id",
  "subject",
  "account",
  "weight",
  "delay",
  "remaining",
  "responsible",
  "department",
  "category",
  "project",
  "properties",
  "group",
  "opened",
  "activity",
] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];

/** Shown unless somebody chooses others. */
export const USUAL_COLUMNS: readonly ColumnName[] = [
  ...(["id", "subject", "account", "weight", "delay", "remaining"] as const),
  ...(["responsible", "category", "project", "properties"] as const),
];

const EXPORTED = {
  id: ["number"],
  subject: ["subject"],
  account: ["account", "user"],
  weight: ["weight"],
  delay: ["delay_seconds"],
  remaining: ["remaining_seconds"],
  responsible: ["responsible"],
  department: ["department"],
  category: ["category"],
  project: ["project"],
  properties: ["urgency", "attitude", "unread", "channel"],
  group: ["group"],
  opened: ["opened_at"],
  activity: ["last_activity_at"],
} as const satisfies Record<ColumnName, readonly string[]>;

export type Exported = (typeof EXPORTED)[ColumnName][number];

export function exported(columns: readonly ColumnName[]): Exported[] {
  return columns.flatMap((name) => EXPORTED[name]);
}

/** The columns here that show what is named there; in our order. */
export function shownFor(names: readonly string[]): ColumnName[] {
  return COLUMN_NAMES.filter((column) => names.includes(EXPORTED[column][0]));
}

/** In the order of the list, whichever the order in which they were chosen. */
export function inPlace(columns: readonly ColumnName[]): ColumnName[] {
  return COLUMN_NAMES.filter((name) => columns.includes(name));
}
