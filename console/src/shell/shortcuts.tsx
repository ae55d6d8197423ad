/** Keys that do something, and what they do: each part of a page names its own, and `?` lists those in force. */
import { createContext, use, useEffect, useMemo, useRef, useState, type ReactNode } from "react";

export interface Shortcut {
  /** As KeyboardEvent.key has it: `j`, `?`, `Enter`, `ArrowDown`; with `mod+` for Ctrl or ⌘. */
  keys: string[];
  label: string;
  group: string;
  run: () => void;
}

interface Registry {
  add: (shortcut: () => Shortcut) => () => void;
  all: () => Shortcut[];
}

const Context = createContext<Registry | null>(null);

export function ShortcutsProvider({ children }: { children: ReactNode }) {
  const [registered] = useState(() => new Set<() => Shortcut>());
  const registry = useMemo<Registry>(
    () => ({
      add: (shortcut) => {
        registered.add(shortcut);
        return () => registered.delete(shortcut);
      },
      all: () => [...registered].map((each) => each()),
    }),
    [registered],
  );

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const key = keyOf(event);
      if (event.defaultPrevented || isInDialog() || isInPopup(event.target)) return;
      if (isTyping(event.target) && !key.startsWith("mod+")) return;
      // What came last is nearest to what one looks at.
      const found = [...registered]
        .toReversed()
        .map((each) => each())
        .find((shortcut) => shortcut.keys.includes(key));
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [registered]);

  return <Context value={registry}>{children}</Context>;
}

export function useShortcut(shortcut: Shortcut): void {
  const registry = use(Context);
  const latest = useRef(shortcut);
  useEffect(() => {
    latest.current = shortcut;
  });
  useEffect(() => registry?.add(() => latest.current), [registry]);
}

export function useShortcutList(): () => Shortcut[] {
  const registry = use(Context);
  return registry?.all ?? (() => []);
}

export function keyOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  if (event.altKey) return "";
  return event.ctrlKey || event.metaKey ? `mod+${event.key.toLowerCase()}` : event.key;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Keys in a menu or beside what it hangs on are the menu's: Escape closes it, and nothing else. */
function isInPopup(target: EventTarget | null): boolean {
  const popup = '[role="menu"], [role="dialog"], [aria-haspopup][aria-expanded="true"]';
  return target instanceof Element && target.closest(popup) !== null;
}

function isInDialog(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"]') !== null;
}
