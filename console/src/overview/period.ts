/** Which days and whose tickets the figures are of, and the addresses of what is behind a figure. */
import { dayAfter, dayOf, midnightOf } from "@/time/days";
import type { ListSearch } from "@/tickets/list/search";

export const PERIODS = [7, 30, 90] as const;
export type Days = (typeof PERIODS)[number];
const USUAL: Days = 30;

export interface OverviewSearch {
  days?: Days | undefined;
  department_id?: string | undefined;
}

export function parseOverviewSearch(raw: Record<string, unknown>): OverviewSearch {
  const days = PERIODS.find((each) => each === raw.days && each !== USUAL);
  const department = typeof raw.department_id === "string" && raw.department_id !== "" ? raw.department_id : undefined;
  return { ...(days && { days }), ...(department !== undefined && { department_id: department }) };
}

/** Days as the figures take them, the last one counts; by this machine's zone. */
export interface Counted {
  from: string;
  to: string;
  zone: string;
  department_id?: string[];
  administrator_id?: string[];
  category_id?: string[];
}

export function countedOf(search: OverviewSearch, now: number): Counted {
  const to = dayOf(now);
  return {
    from: dayAfter(to, 1 - (search.days ?? USUAL)),
    to,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(search.department_id !== undefined && { department_id: [search.department_id] }),
  };
}

export const OUTCOMES = ["in_time", "late", "without_deadline", "closed"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What is behind a figure of answers or closings. */
export interface BehindSearch extends Partial<Counted> {
  outcome?: Outcome[] | undefined;
}

const LISTS = ["department_id", "administrator_id", "category_id"] as const;
const DAY = /^\d{4}-\d\d-\d\d$/;

export function parseBehindSearch(raw: Record<string, unknown>): BehindSearch {
  const found: Record<string, unknown> = {};
  for (const name of ["from", "to"]) if (typeof raw[name] === "string" && DAY.test(raw[name])) found[name] = raw[name];
  if (typeof raw.zone === "string") found.zone = raw.zone;
  for (const name of LISTS) if (Array.isArray(raw[name])) found[name] = raw[name].map(String);
  const outcomes = OUTCOMES.filter((each) => Array.isArray(raw.outcome) && raw.outcome.includes(each));
  if (outcomes.length > 0) found.outcome = outcomes;
  return found;
}

/** The same without an outcome, which closings have not. */
export function countedIn({ from, to, zone, department_id }: BehindSearch): Partial<Counted> {
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(zone !== undefined && { zone }),
    ...(department_id && { department_id }),
  };
}

/** Of tickets that are open now, those of an age, in seconds: their addresses say it by when they were submitted. */
export function ofAge(from: number, to: number | null, now: number): ListSearch {
  const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
  return {
    ...(from > 0 && { opened_before: ago(from) }),
    ...(to !== null && { opened_since: ago(to) }),
    sort: "opened",
    order: "asc",
  };
}

/** What was submitted in an hour of a day, as the clock here shows it. */
export function submittedIn(day: string, hour: number): ListSearch {
  const at = (hours: number) => {
    const begin = new Date(midnightOf(day) ?? day);
    begin.setHours(hours);
    return begin.toISOString();
  };
  return { state: "all", opened_since: at(hour), opened_before: at(hour + 1), sort: "opened" };
}

/** All days of a period, also those on which nothing was. */
export function daysOf({ from, to }: Pick<Counted, "from" | "to">): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = dayAfter(day)) days.push(day);
  return days;
}

/** In hundredths; null of nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 100);
}
