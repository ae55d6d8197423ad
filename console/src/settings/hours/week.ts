/** A week of open intervals, in minutes from the midnight that each day starts with. */
export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];

export const DAY_MINUTES = 1440;

/** From, and to without it; `to` is beyond the day's end where the interval runs into the next day. */
export interface Interval {
  from: number;
  to: number;
}

/** Monday first. */
export type Week = readonly (readonly Interval[])[];

type Told = Partial<Record<Day, [string, string][]>>;

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

export function timeOf(minutes: number): string {
  const wrapped = minutes > DAY_MINUTES ? minutes - DAY_MINUTES : minutes;
  return [Math.floor(wrapped / 60), wrapped % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

export const isTime = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text);

/** As the service tells it: an end that is not after its start is on the next day. */
export function intervalOf(starts: string, ends: string): Interval {
  const [from, to] = [minutesOf(starts), minutesOf(ends)];
  return { from, to: to > from ? to : to + DAY_MINUTES };
}

/** Null is every day from midnight to midnight. */
export function weekOf(told: Told | null | undefined): Week {
  if (!told) return DAYS.map(() => [{ from: 0, to: DAY_MINUTES }]);
  return DAYS.map((day) => (told[day] ?? []).map(([starts, ends]) => intervalOf(starts, ends)));
}

export function toldOf(week: Week): Record<Day, [string, string][]> {
  const entries = DAYS.map((day, place) => [
    day,
    (week[place] ?? []).map(({ from, to }) => [timeOf(from), timeOf(to)] as [string, string]),
  ]);
  return Object.fromEntries(entries) as Record<Day, [string, string][]>;
}

export function isOpen(week: Week, day: number, from: number, to: number): boolean {
  const own = (week[day] ?? []).some((each) => each.from <= from && each.to >= to);
  return own || tail(week, day).some((each) => each.from <= from && each.to >= to);
}

/** Partly open: less than the whole, more than nothing. */
export function isTouched(week: Week, day: number, from: number, to: number): boolean {
  return [...(week[day] ?? []), ...tail(week, day)].some((each) => each.from < to && each.to > from);
}

/** Open or close a stretch of one day, whichever interval it is part of. */
export function painted(week: Week, day: number, from: number, to: number, open: boolean): Week {
  if (open) return replaced(week, day, merged([...(week[day] ?? []), { from, to }]));
  const before = (day + DAYS.length - 1) % DAYS.length;
  const rests = without(week[before] ?? [], from + DAY_MINUTES, to + DAY_MINUTES);
  const kept = rests.filter((each) => each.from < DAY_MINUTES);
  const late = rests.filter((each) => each.from >= DAY_MINUTES);
  const ofDay = [...without(week[day] ?? [], from, to), ...late.map((each) => shifted(each, -DAY_MINUTES))];
  return replaced(replaced(week, before, kept), day, merged(ofDay));
}

export function openMinutes(week: Week): number {
  return week.reduce((sum, day) => sum + merged(day).reduce((some, { from, to }) => some + to - from, 0), 0);
}

export function replaced(week: Week, day: number, intervals: readonly Interval[]): Week {
  return week.map((each, place) => (place === day ? intervals : each));
}

/** The end of the day before that reaches into this one. */
function tail(week: Week, day: number): Interval[] {
  const before = week[(day + DAYS.length - 1) % DAYS.length] ?? [];
  return before.filter((each) => each.to > DAY_MINUTES).map((each) => shifted(each, -DAY_MINUTES));
}

const shifted = ({ from, to }: Interval, by: number): Interval => ({ from: from + by, to: to + by });

function without(intervals: readonly Interval[], from: number, to: number): Interval[] {
  return intervals.flatMap((each) =>
    [
      { from: each.from, to: Math.min(each.to, from) },
      { from: Math.max(each.from, to), to: each.to },
    ].filter((rest) => rest.to > rest.from),
  );
}

/** In order, and one where they touch or overlap, but none longer than a day. */
function merged(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const next of [...intervals].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && next.from <= last.to && Math.max(last.to, next.to) - last.from <= DAY_MINUTES) {
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, next.to) };
    } else result.push(next);
  }
  return result;
}
