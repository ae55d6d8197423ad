import { useNavigate } from "@tanstack/react-router";

import { usePreference } from "@/shell/preferences";

import { inPlace, USUAL_COLUMNS, type ColumnName } from "./columnNames";
import type { ListSearch } from "./search";

/** The columns to show: the view's, if it has some, else those that somebody likes. */
export function useColumns(search: ListSearch): [readonly ColumnName[], (columns: readonly ColumnName[]) => void] {
  const navigate = useNavigate();
  const [liked, like] = usePreference<readonly ColumnName[]>("list.columns", USUAL_COLUMNS);
  const set = (columns: readonly ColumnName[]) => {
    const chosen = inPlace(columns);
    if (search.columns === undefined) like(chosen);
    else void navigate({ to: "/tickets", search: { ...search, columns: chosen }, replace: true });
  };
  return [inPlace(search.columns ?? liked), set];
}
