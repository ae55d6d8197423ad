/** The list's state is its address: sort, order, filters, and the ticket that is pointed at. */
import { COLUMN_NAMES, type ColumnName } from "./columnNames";
import { FILTER_NAMES, FLAGS, SEVERAL, SINGLE, type FilterName, type Filters, type ListState } from "./filters";
import { SORTS, USUAL, type Order, type Sort } from "./order";

export type ListSearch = Filters & {
  sort?: Sort | undefined;
  order?: Order | undefined;
  /** The saved view that this began with; it may be narrowed or sorted otherwise by now. */
  view?: string | undefined;
  /** The columns to show, where they are not as somebody likes them everywhere. */
  columns?: ColumnName[] | undefined;
  /** The instant of the past that it is shown as of. */
  as_of?: string | undefined;
  /** The ticket that is pointed at. */
  at?: string | undefined;
};

/** What an address says, without what makes no sense. */
export function parseListSearch(raw: Record<string, unknown>): ListSearch {
  const found: Record<string, unknown> = {};
  for (const name of FLAGS) if (typeof raw[name] === "boolean") found[name] = raw[name];
  for (const name of SEVERAL) {
    const values = (Array.isArray(raw[name]) ? raw[name] : [raw[name]]).filter(isText);
    if (values.length > 0) found[name] = values;
  }
  for (const name of [...SINGLE, "view", "at"]) if (isText(raw[name])) found[name] = raw[name];
  if (isText(raw.as_of) && !Number.isNaN(Date.parse(raw.as_of))) found.as_of = raw.as_of;
  // A number is a text to look for as well.
  if (typeof raw.text === "number") found.text = String(raw.text);
  const columns = Array.isArray(raw.columns) ? raw.columns.filter((name) => isOneOf(name, COLUMN_NAMES)) : [];
  if (columns.length > 0) found.columns = columns;
  if (isOneOf<ListState>(raw.state, ["closed", "all"])) found.state = raw.state;
  if (isOneOf<Sort>(raw.sort, SORTS)) found.sort = raw.sort;
  if (isOneOf<Order>(raw.order, ["asc", "desc"])) found.order = raw.order;
  return found;
}

export function filtersOf(search: ListSearch): Filters {
  const filters = FILTER_NAMES.filter((name) => search[name] !== undefined).map((name) => [name, search[name]]);
  return Object.fromEntries(filters) as Filters;
}

export function sortOf(search: ListSearch): { sort: Sort; order: Order } {
  const sort = search.sort ?? "weight";
  return { sort, order: search.order ?? USUAL[sort] };
}

/** Sorting by a column once more turns the order. */
export function sortedBy(search: ListSearch, sort: Sort): ListSearch {
  const now = sortOf(search);
  const order = now.sort === sort ? (now.order === "asc" ? "desc" : "asc") : USUAL[sort];
  return { ...search, sort: sort === "weight" ? undefined : sort, order: order === USUAL[sort] ? undefined : order };
}

export function without(search: ListSearch, name: FilterName): ListSearch {
  return { ...search, [name]: undefined };
}

/** Whether two addresses hold the same tickets. */
export function isSameView(a: ListSearch, b: ListSearch): boolean {
  return JSON.stringify(filtersOf(parseListSearch(a))) === JSON.stringify(filtersOf(parseListSearch(b)));
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

function isOneOf<T extends string>(value: unknown, options: readonly T[]): value is T {
  return options.some((option) => option === value);
}
