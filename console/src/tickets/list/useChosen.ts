import { useState } from "react";

import type { Row } from "./order";
import { filtersOf, type ListSearch } from "./search";

/** The tickets that something is to be done to. By id, so that they stay chosen wherever they move. */
export interface Chosen {
  ids: ReadonlySet<string>;
  toggle: (id: string) => void;
  toggleAll: () => void;
  clear: () => void;
}

export function useChosen(search: ListSearch, rows: readonly Row[]): Chosen {
  const view = JSON.stringify(filtersOf(search));
  const [kept, keep] = useState<{ view: string; ids: ReadonlySet<string> }>({ view, ids: new Set() });
  const there = new Set(rows.map((row) => row.ticket.id));
  // What has left the list is not done anything to.
  const ids = kept.view === view ? new Set([...kept.ids].filter((id) => there.has(id))) : new Set<string>();
  const set = (next: ReadonlySet<string>) => keep({ view, ids: next });
  return {
    ids,
    toggle: (id) => set(ids.has(id) ? new Set([...ids].filter((each) => each !== id)) : new Set([...ids, id])),
    toggleAll: () => set(ids.size === there.size ? new Set() : there),
    clear: () => set(new Set()),
  };
}
