/** Working time between two instants, by the hours that query tells around now. */

export interface OpenHours {
  /** Milliseconds since 1970; open from `opens[i]` until `closes[i]`, ascending, apart. */
  opens: readonly number[];
  closes: readonly number[];
}

/** Milliseconds in which it was open. Without hours it is always open. */
export function openBetween(hours: OpenHours | undefined, from: number, to: number): number {
  if (to <= from) return 0;
  if (!hours) return to - from;
  let sum = 0;
  for (const [place, opens] of hours.opens.entries()) {
    const closes = hours.closes[place] ?? opens;
    if (closes <= from) continue;
    if (opens >= to) break;
    sum += Math.min(closes, to) - Math.max(opens, from);
  }
  return sum;
}

/** When it opens or closes next after an instant, as far as that is known. */
export function nextChange(hours: OpenHours | undefined, at: number): { opens: boolean; at: number } | null {
  if (!hours) return null;
  for (const [place, opens] of hours.opens.entries()) {
    if (opens > at) return { opens: true, at: opens };
    const closes = hours.closes[place] ?? opens;
    if (closes > at) return { opens: false, at: closes };
  }
  return null;
}
