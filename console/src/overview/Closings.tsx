import { Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/i18n/useFormat";

import classes from "./overview.module.css";
import type { Counted } from "./period";
import { useClosings } from "./useFigures";

/** What was closed, and how long tickets had been open by then. */
export function Closings({ counted }: { counted: Counted }) {
  const { t } = useTranslation();
  const format = useFormat();
  const total = useClosings(counted).data?.total;
  const took = total?.resolution_seconds;
  const times = took ? ([["p50", took.p50], ["p90", took.p90], ["p99", took.p99]] as const) : []; // prettier-ignore
  return (
    <section className={classes.panel} aria-label={t("overview.closings.title")}>
      <Title order={2}>{t("overview.closings.title")}</Title>
      <div className={classes.totals}>
        <Link to="/overview/closings" search={counted} className={classes.total}>
          <span className={classes.value}>{format.number(total?.closed ?? 0)}</span>
          <span className={classes.label}>{t("overview.closings.closed")}</span>
        </Link>
        <div>
          <span className={classes.value}>{format.number(total?.closed_for_no_answer ?? 0)}</span>
          <span className={classes.label}>{t("overview.closings.noAnswer")}</span>
        </div>
      </div>
      <dl className={classes.facts}>
        {times.map(([name, seconds]) => (
          <div key={name} className={classes.line}>
            <dt>{t(`overview.closings.${name}`)}</dt>
            <dd>{format.duration(seconds)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
