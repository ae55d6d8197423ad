/** The form of a department's hours, and the request that it makes. */
import type { WantedHours, WorkingHours } from "@/api/types";

import { intervalOf, timeOf, toldOf, weekOf, type Interval, type Week } from "./week";

export interface SpecialDate {
  date: string;
  /** None: closed all day. */
  intervals: Interval[];
}

export interface HoursValues {
  isAlways: boolean;
  timeZone: string;
  week: Week;
  country: string | null;
  subdivision: string | null;
  dates: SpecialDate[];
}

const OFFICE: Week = weekOf(
  Object.fromEntries(["mon", "tue", "wed", "thu", "fri"].map((day) => [day, [["09:00", "17:00"]]])),
);

export function valuesOf({ calendar, public_holidays }: WorkingHours): HoursValues {
  const special = Object.entries(calendar?.exceptions ?? {}).map(([date, told]) => ({
    date,
    intervals: told.map(([starts, ends]) => intervalOf(starts, ends)),
  }));
  const closed = (calendar?.holidays ?? []).map((date) => ({ date, intervals: [] }));
  return {
    isAlways: calendar === null,
    timeZone: calendar?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    week: calendar ? weekOf(calendar.weekly) : OFFICE,
    country: public_holidays?.country ?? null,
    subdivision: public_holidays?.subdivision ?? null,
    // Special hours beat a holiday on the same date.
    dates: [...closed.filter(({ date }) => !special.some((each) => each.date === date)), ...special].sort((a, b) =>
      a.date.localeCompare(b.date),
    ),
  };
}

/** Dates that are closed go as holidays, others with their hours. */
export function hoursOf({ isAlways, timeZone, week, country, subdivision, dates }: HoursValues): WantedHours {
  if (isAlways) return { calendar: null };
  const set = dates.filter(({ date }) => date !== "");
  return {
    calendar: {
      time_zone: timeZone,
      weekly: toldOf(week),
      holidays: set.filter(({ intervals }) => intervals.length === 0).map(({ date }) => date),
      exceptions: Object.fromEntries(
        set
          .filter(({ intervals }) => intervals.length > 0)
          .map(({ date, intervals }) => [
            date,
            intervals.map(({ from, to }): [string, string] => [timeOf(from), timeOf(to)]),
          ]),
      ),
    },
    public_holidays: country === null ? null : { country, subdivision },
  };
}
