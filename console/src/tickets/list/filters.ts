/** What the list can be narrowed to: each filter's name is the API's, and tells whether a changed ticket still meets it. */
import type { Ticket } from "@/api/types";

import type { Figures, Seen } from "./figures";

/** Stands for "none": no department, nobody responsible, no project, no group. */
export const NOBODY = "00000000-0000-0000-0000-000000000000";
/** Stand for whoever reads, and for their departments: so a view that is shared is each reader's own. */
export const ME = "me";
export const MINE = "mine";

export interface Reader {
  id: string;
  departments: readonly string[];
}

export const FLAGS = ["waiting", "unread", "blocked", "overdue"] as const;
export const SEVERAL = [
  "department_id",
  "responsible_id",
  "category_id",
  "project_id",
  "group_id",
  "attitude",
  "urgency",
  "channel",
  "tag",
] as const;
export const SINGLE = ["account_id", "user_id", "opened_since", "opened_before", "text"] as const;

export type Flag = (typeof FLAGS)[number];
export type Several = (typeof SEVERAL)[number];
export type Single = (typeof SINGLE)[number];
export type ListState = "active" | "closed" | "all";

export type Filters = { state?: ListState | undefined } & Partial<Record<Flag, boolean | undefined>> &
  Partial<Record<Several, string[] | undefined>> &
  Partial<Record<Single, string | undefined>>;

export type FilterName = keyof Filters;
export const FILTER_NAMES: readonly FilterName[] = ["state", ...FLAGS, ...SEVERAL, ...SINGLE];

/** The filters with the words replaced by what they mean to a reader. */
export function meantBy(filters: Filters, reader: Reader): Filters {
  const { responsible_id: responsible, department_id: department } = filters;
  const whom = responsible?.map((each) => (each === ME ? reader.id : each));
  const which = department?.flatMap((each) => (each === MINE ? reader.departments : [each]));
  return {
    ...filters,
    ...(whom && { responsible_id: whom }),
    // Without any department of one's own, nothing is in them.
    ...(which && { department_id: which.length > 0 ? which : [MINE] }),
  };
}

/** Whether the list would hold this ticket now, but for its text: what that finds, the server alone can tell. */
export function meets({ ticket }: Seen, figures: Figures, filters: Filters): boolean {
  const state = filters.state ?? "active";
  if (state !== "all" && ticket.state !== state) return false;
  return (
    FLAGS.every((flag) => filters[flag] === undefined || filters[flag] === has(flag, ticket, figures)) &&
    SEVERAL.every((name) => isOneOf(filters[name], valuesOf(name, ticket))) &&
    isWithin(ticket, filters)
  );
}

/** What is true of a ticket may become false by time alone; then the server has to be asked for what is not shown yet. */
export function dependsOnTime(filters: Filters): boolean {
  return filters.overdue !== undefined;
}

function has(flag: Flag, ticket: Ticket, figures: Figures): boolean {
  if (flag === "waiting") return ticket.waiting_since !== null;
  if (flag === "unread") return ticket.unread;
  return flag === "blocked" ? ticket.block !== null : figures.isOverdue;
}

function valuesOf(name: Several, ticket: Ticket): string[] {
  switch (name) {
    case "department_id":
      return [ticket.department?.id ?? NOBODY];
    case "responsible_id":
      return [ticket.responsible?.id ?? NOBODY];
    case "category_id":
      return [ticket.category.id];
    case "project_id":
      return [ticket.project?.id ?? NOBODY];
    case "group_id":
      return [ticket.account.group?.id ?? NOBODY];
    case "attitude":
      return [ticket.account.attitude ?? ""];
    case "urgency":
      return [ticket.urgency];
    case "channel":
      return [ticket.channel];
    case "tag":
      return ticket.tags;
  }
}

function isOneOf(wanted: string[] | undefined, values: string[]): boolean {
  return !wanted?.length || values.some((value) => wanted.includes(value));
}

function isWithin(ticket: Ticket, filters: Filters): boolean {
  const opened = Date.parse(ticket.opened_at);
  return (
    (filters.account_id === undefined || ticket.account.id === filters.account_id) &&
    (filters.user_id === undefined || ticket.user.id === filters.user_id) &&
    (filters.opened_since === undefined || opened >= Date.parse(filters.opened_since)) &&
    (filters.opened_before === undefined || opened < Date.parse(filters.opened_before))
  );
}
