import { Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";

const DELAY = 300;

/** What somebody who points at an element is told; for what there is so much of that a tooltip of its own would be dear. */
export const tip = (label: string) => ({ "data-tip": label });

/** One tooltip for all elements that have a `tip`. */
export function Tips() {
  const [target, point] = useState<HTMLElement | null>(null);
  useEffect(() => {
    let timer = 0;
    let next: HTMLElement | null = null;
    const look = ({ target }: Event) => {
      const found = target instanceof Element ? target.closest<HTMLElement>("[data-tip]") : null;
      if (found === next) return;
      next = found;
      window.clearTimeout(timer);
      point(null);
      if (found) timer = window.setTimeout(() => point(found), DELAY);
    };
    const hide = ({ key }: KeyboardEvent) => {
      if (key === "Escape") point(null);
    };
    document.addEventListener("mouseover", look);
    document.addEventListener("focusin", look);
    document.addEventListener("keydown", hide);
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener("mouseover", look);
      document.removeEventListener("focusin", look);
      document.removeEventListener("keydown", hide);
    };
  }, []);
  return target && <Tooltip opened target={target} label={target.dataset.tip} />;
}
