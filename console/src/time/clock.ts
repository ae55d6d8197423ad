/** The server's clock, as far as it can be told from here, and a beat for what counts by itself. */
import { useSyncExternalStore } from "react";

let offset = 0;
let uncertainty = Number.POSITIVE_INFINITY;
let measuredAt = 0;

const LASTS = 600_000;

/** Learn from an answer that says when it was made. The quickest answer is the most certain one. */
export function learnClock(serverTime: string, askedAt: number, heardAt: number): void {
  const roundTrip = heardAt - askedAt;
  if (roundTrip > uncertainty && heardAt - measuredAt < LASTS) return;
  uncertainty = roundTrip;
  measuredAt = heardAt;
  offset = Date.parse(serverTime) - (askedAt + heardAt) / 2;
}

/** Milliseconds since 1970, by the server's clock. */
export function serverNow(): number {
  return Date.now() + offset;
}

/** Milliseconds by a clock that is never set right: for what came before what. */
export function steadyNow(): number {
  return performance.now();
}

const watchers = new Set<() => void>();
let beat = 0;
let now = serverNow();

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  if (beat === 0) now = serverNow();
  beat ||= window.setInterval(() => {
    now = serverNow();
    for (const each of watchers) each();
  }, 1000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    window.clearInterval(beat);
    beat = 0;
  };
}

/** The present, by the server's clock; renders anew each second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
