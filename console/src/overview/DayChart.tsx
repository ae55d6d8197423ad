import { Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { AnswerFigures } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";

import classes from "./overview.module.css";
import { daysOf, type Counted } from "./period";

const HEIGHT = 120;
/** Of the height: above the highest column is room. */
const FULL = 0.92;

/** A column a day, each a way to its answers. */
export function DayChart({ days, counted }: { days: AnswerFigures[]; counted: Counted }) {
  const { t } = useTranslation();
  const format = useFormat();
  const all = daysOf(counted);
  const found = new Map(days.map((each) => [each.day, each]));
  const most = Math.max(1, ...days.map((each) => each.answered));
  const scale = (HEIGHT * FULL) / most;
  return (
    <figure className={classes.figure}>
      <div className={classes.chart} style={{ height: HEIGHT }}>
        {all.map((day) => {
          const { in_time: inTime = 0, late = 0, without_deadline: without = 0 } = found.get(day) ?? {};
          const label = t("overview.day", { day: format.day(day), inTime, late, without });
          return (
            <Tooltip key={day} label={label}>
              <Link
                to="/overview/answers"
                search={{ ...counted, from: day, to: day }}
                className={classes.column}
                aria-label={label}
              >
                <span className={classes.without_deadline} style={{ height: without * scale }} />
                <span className={classes.late} style={{ height: late * scale }} />
                <span className={classes.in_time} style={{ height: inTime * scale }} />
              </Link>
            </Tooltip>
          );
        })}
      </div>
      <figcaption className={classes.axis}>
        <span>{format.day(counted.from)}</span>
        <span>{t("overview.answersByDay")}</span>
        <span>{format.day(counted.to)}</span>
      </figcaption>
    </figure>
  );
}
