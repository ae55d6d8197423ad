/** What somebody likes, kept in this browser. Never a secret: whatever script runs here could read it. */
import { useSyncExternalStore } from "react";

const PREFIX = "helpdesk.";
const watchers = new Set<() => void>();
const known = new Map<string, { text: string | null; value: unknown }>();

export function readPreference<T>(name: string, usual: T): T {
  const text = stored(name);
  const before = known.get(name);
  if (before?.text === text) return before.value as T;
  const value = text === null ? usual : (parsed(text) ?? usual);
  known.set(name, { text, value });
  return value as T;
}

export function keepPreference(name: string, value: unknown): void {
  try {
    globalThis.localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    return; // a browser that keeps nothing
  }
  for (const watcher of watchers) watcher();
}

export function usePreference<T>(name: string, usual: T): [T, (value: T) => void] {
  const value = useSyncExternalStore(subscribe, () => readPreference(name, usual));
  return [value, (next) => keepPreference(name, next)];
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function stored(name: string): string | null {
  try {
    return globalThis.localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
