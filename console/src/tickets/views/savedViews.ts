/** Saved views: what an address says, kept under a name, and back. */
import type { NewView, SavedView } from "@/api/types";
import { exported, shownFor, type ColumnName } from "@/tickets/list/columnNames";
import { filtersOf, parseListSearch, sortOf, type ListSearch } from "@/tickets/list/search";
import { USUAL } from "@/tickets/list/order";
import { parametersOf } from "@/tickets/list/parameters";

/** The address of a view, as it was saved. */
export function addressOf(view: SavedView): ListSearch {
  const columns = shownFor(view.columns);
  const order = view.order ?? USUAL[view.sort];
  return parseListSearch({
    ...view.filters,
    ...(view.sort !== "weight" && { sort: view.sort }),
    ...(order !== USUAL[view.sort] && { order }),
    ...(columns.length > 0 && { columns }),
    view: view.id,
  });
}

/** What of an address is kept as a view; the columns that are shown, if they are to be kept as well. */
export function keptOf(search: ListSearch, columns: readonly ColumnName[] | null): Omit<NewView, "name" | "sharing"> {
  return {
    filters: parametersOf(filtersOf(search)),
    ...sortOf(search),
    columns: columns === null ? [] : exported(columns),
  };
}

/** Whether the list has been narrowed or sorted otherwise since the view was opened; which account is chosen for all lists does not count. */
export function isChanged(view: SavedView, search: ListSearch): boolean {
  return likeness(addressOf(view)) !== likeness(search);
}

function likeness(search: ListSearch): string {
  const { sort, order } = sortOf(search);
  const filters = Object.entries(parametersOf({ ...filtersOf(search), account_id: undefined }));
  return JSON.stringify([filters.toSorted(), sort, order, search.columns ?? null]);
}
