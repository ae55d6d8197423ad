/** The views that everybody has. */
import { ME, NOBODY } from "./filters";
import type { ListSearch } from "./search";

export const VIEWS = ["active", "mine", "nobodys", "unread", "overdue", "blocked", "closed"] as const;
export type ViewName = (typeof VIEWS)[number];

export function searchOf(view: ViewName): ListSearch {
  switch (view) {
    case "active":
      return {};
    case "mine":
      return { responsible_id: [ME] };
    case "nobodys":
      return { responsible_id: [NOBODY] };
    case "unread":
      return { unread: true };
    case "overdue":
      return { overdue: true, sort: "remaining" };
    case "blocked":
      return { blocked: true };
    case "closed":
      return { state: "closed", sort: "id" };
  }
}
