import type { AnswerFigures } from "@/api/types";

import classes from "./overview.module.css";

/** In time, late and without a deadline, side by side; the numbers stand beside it. */
export function Stack({ figures, most }: { figures: AnswerFigures; most: number }) {
  const parts = [
    ["in_time", figures.in_time],
    ["late", figures.late],
    ["without_deadline", figures.without_deadline],
  ] as const;
  return (
    <span className={classes.stack} aria-hidden>
      {parts.map(([outcome, value]) => (
        <span key={outcome} className={classes[outcome]} style={{ width: `${(value / most) * 100}%` }} />
      ))}
    </span>
  );
}
