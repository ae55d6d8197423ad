import { createContext, use } from "react";

import type { Filters } from "./filters";
import type { ListSearch } from "./search";

/** What the cells of the list may do to the list. */
export interface ListActions {
  search: ListSearch;
  narrow: (filters: Filters) => void;
}

export const ListActionsContext = createContext<ListActions>({ search: {}, narrow: () => undefined });

export const useListActions = () => use(ListActionsContext);
