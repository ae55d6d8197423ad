/** Durations in words, by locale: two units at most, as that is what one acts on. */

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

export type Width = "narrow" | "long";

/** `3 h 20 min` of 12,000 seconds; below a minute in seconds; a minus sign before what is below zero. */
export function formatDuration(seconds: number, locale: string, width: Width = "narrow"): string {
  const whole = Math.floor(Math.abs(seconds));
  const parts = UNITS.map(([unit, size], place) => {
    const larger = UNITS[place - 1]?.[1];
    return { unit, count: Math.floor((larger === undefined ? whole : whole % larger) / size) };
  });
  const first = Math.max(
    0,
    parts.findIndex((part) => part.count > 0),
  );
  const isBare = whole === 0;
  const shown = isBare ? parts.slice(3) : parts.slice(first, first + (first === 2 ? 1 : 2));
  const text = shown
    .filter((part, place) => place === 0 || part.count > 0)
    .map((part) => inUnits(part.count, part.unit, locale, width))
    .join(" ");
  return seconds < 0 && !isBare ? `−${text}` : text;
}

function inUnits(count: number, unit: string, locale: string, width: Width): string {
  return formatter(unit, locale, width).format(count);
}

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(unit: string, locale: string, width: Width): Intl.NumberFormat {
  const key = `${unit} ${locale} ${width}`;
  let found = formatters.get(key);
  if (!found) {
    const unitDisplay = width === "long" ? "long" : locale.startsWith("en") ? "narrow" : "short";
    found = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay });
    formatters.set(key, found);
  }
  return found;
}
