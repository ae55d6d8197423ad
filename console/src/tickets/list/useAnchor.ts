import { useLayoutEffect, useRef, useState, useEffect, type RefObject } from "react";

import type { Row } from "./order";

/**
 * Keeps what one looks at in its place while rows move: the ticket that is pointed at if it is in sight, else the first
 * one in sight. At the top of the list nothing is held: there one wants to see what comes. Answers whether it is held.
 */
export function useAnchor(
  scroller: RefObject<HTMLDivElement | null>,
  rows: readonly Row[],
  pointed: string | undefined,
  height: number,
): boolean {
  const before = useRef<readonly Row[]>(rows);
  const [isScrolled, setScrolled] = useState(false);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const note = () => setScrolled(element.scrollTop > 0);
    element.addEventListener("scroll", note, { passive: true });
    return () => element.removeEventListener("scroll", note);
  }, [scroller]);

  useLayoutEffect(() => {
    const element = scroller.current;
    const former = before.current;
    before.current = rows;
    if (!element || former === rows || element.scrollTop === 0) return;
    const moved = movement(former, rows, pointed, element, height);
    if (moved !== 0) element.scrollBy({ top: moved * height, behavior: "instant" });
  }, [scroller, rows, pointed, height]);

  return isScrolled;
}

function movement(
  former: readonly Row[],
  rows: readonly Row[],
  pointed: string | undefined,
  { scrollTop, clientHeight }: HTMLElement,
  height: number,
): number {
  const first = Math.floor(scrollTop / height);
  const last = Math.ceil((scrollTop + clientHeight) / height);
  const inSight = former.slice(first, last);
  const held = inSight.find((row) => row.ticket.id === pointed) ?? inSight[0];
  if (!held) return 0;
  const now = rows.findIndex((row) => row.ticket.id === held.ticket.id);
  return now < 0 ? 0 : now - former.indexOf(held);
}
