import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { formatDuration, type Width } from "@/time/durations";

const DAY = 86_400_000;
const A_MONDAY = Date.UTC(2026, 0, 5);

export interface Format {
  /** Date and time in the viewer's zone; the date alone is left out when it is today's. */
  instant: (iso: string | number, now?: number) => string;
  /** In full, with seconds and the zone. */
  exact: (iso: string | number) => string;
  /** Of `2026-01-05`. */
  day: (day: string) => string;
  /** 1 is Monday. */
  weekday: (weekday: number) => string;
  duration: (seconds: number, width?: Width) => string;
  number: (value: number) => string;
  bytes: (value: number) => string;
}

/** Dates, durations and numbers as the viewer's language has them. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const locale = localeOf(i18n.language);
  return useMemo(() => formatFor(locale), [locale]);
}

/** The browser's own variant of the language, such as en-GB, if it has one. */
function localeOf(language: string): string {
  return navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
}

export function formatFor(locale: string, timeZone?: string): Format {
  const zone = timeZone === undefined ? {} : { timeZone };
  const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", ...zone });
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", ...zone });
  const short = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    ...zone,
  });
  const long = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    ...zone,
  });
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long", ...zone });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });
  const number = new Intl.NumberFormat(locale);
  return {
    instant: (iso, now = Date.now()) => {
      const at = new Date(iso);
      if (Math.abs(now - at.getTime()) < DAY && day.format(at) === day.format(now)) return time.format(at);
      return Math.abs(now - at.getTime()) < 180 * DAY ? short.format(at) : long.format(at);
    },
    exact: (iso) => exact.format(new Date(iso)),
    day: (text) => day.format(new Date(`${text}T12:00:00`)),
    weekday: (number) => weekday.format(A_MONDAY + (number - 1) * DAY),
    duration: (seconds, width) => formatDuration(seconds, locale, width),
    number: (value) => number.format(value),
    bytes: (value) => bytes(value, locale),
  };
}

function bytes(value: number, locale: string): string {
  const units = ["byte", "kilobyte", "megabyte"] as const;
  const power = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, value)) / Math.log(1024)));
  const options = {
    style: "unit",
    unit: units[power] ?? "byte",
    unitDisplay: "narrow",
    maximumFractionDigits: 1,
  } as const;
  return new Intl.NumberFormat(locale, options).format(value / 1024 ** power);
}
