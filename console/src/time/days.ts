/** Days as this machine's calendar has them, in the form of date fields. */

const two = (number: number) => String(number).padStart(2, "0");

/** `2026-01-05` of an instant. */
export function dayOf(instant: string | number): string {
  const at = new Date(instant);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The instant at which a day begins here; undefined of what is no day. */
export function midnightOf(day: string): string | undefined {
  const at = new Date(`${day}T00:00:00`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** So many days later. */
export function dayAfter(day: string, days = 1): string {
  const at = new Date(`${day}T12:00:00`);
  at.setDate(at.getDate() + days);
  return dayOf(at.getTime());
}

/** `2026-01-05T10:00` of an instant, as fields of date and time have it. */
export function minuteOf(instant: string | number): string {
  const at = new Date(instant);
  return `${dayOf(instant)}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The instant that such a field means here; undefined of what is none. */
export function instantOf(minute: string): string | undefined {
  const at = new Date(minute);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
