import { SegmentedControl, Skeleton, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { AnswerFigures } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { Failed } from "@/shell/Failed";

import { DayChart } from "./DayChart";
import classes from "./overview.module.css";
import { share, type BehindSearch, type Counted, type Outcome } from "./period";
import { Stack } from "./Stack";
import { useAnswers } from "./useFigures";

/** Answered in time or late, how long clients waited, and whose answers these were. */
export function Answers({ counted }: { counted: Counted }) {
  const { t } = useTranslation();
  const byDay = useAnswers(counted, "day");
  if (byDay.error && !byDay.data) return <Failed error={byDay.error} retry={() => void byDay.refetch()} />;
  if (!byDay.data) return <Skeleton height={220} my="md" aria-label={t("common.loading")} role="status" />;
  return (
    <>
      <section className={classes.panel} aria-label={t("overview.answers")}>
        <Title order={2}>{t("overview.answers")}</Title>
        <Totals total={byDay.data.total} counted={counted} />
        <DayChart days={byDay.data.items} counted={counted} />
      </section>
      <div className={classes.pair}>
        <Breakdown counted={counted} />
        <Delays total={byDay.data.total} counted={counted} />
      </div>
    </>
  );
}

function Totals({ total, counted }: { total: AnswerFigures; counted: Counted }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rate = share(total.in_time, total.in_time + total.late);
  const parts: { outcome: Outcome; value: number }[] = [
    { outcome: "in_time", value: total.in_time },
    { outcome: "late", value: total.late },
    { outcome: "without_deadline", value: total.without_deadline },
    { outcome: "closed", value: total.closed_unanswered },
  ];
  return (
    <div className={classes.totals}>
      <div>
        <span className={classes.value}>{rate === null ? "–" : t("overview.percent", { value: rate })}</span>
        <span className={classes.label}>{t("overview.inTimeRate")}</span>
      </div>
      {parts.map(({ outcome, value }) => (
        <Link
          key={outcome}
          to="/overview/answers"
          search={{ ...counted, outcome: [outcome] }}
          className={classes.total}
        >
          <span className={classes.value}>{format.number(value)}</span>
          <span className={classes.label}>
            <i className={`${classes.dot} ${classes[outcome]}`} aria-hidden /> {t(`overview.outcomes.${outcome}`)}
          </span>
        </Link>
      ))}
    </div>
  );
}

const BREAKDOWNS = ["department", "administrator", "category"] as const;
type By = (typeof BREAKDOWNS)[number];

/** By whom, where, and about what. */
function Breakdown({ counted }: { counted: Counted }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [by, setBy] = useState<By>("department");
  const items = useAnswers(counted, by).data?.items ?? [];
  const rows = items.filter((item) => by in item && item.answered > 0).toSorted((a, b) => b.answered - a.answered);
  const most = Math.max(1, ...rows.map((row) => row.answered));
  return (
    <section className={classes.panel} aria-label={t("overview.breakdown")}>
      <div className={classes.head}>
        <Title order={2}>{t("overview.breakdown")}</Title>
        <SegmentedControl
          size="xs"
          aria-label={t("overview.by")}
          data={BREAKDOWNS.map((value) => ({ value, label: t(`columns.${value}`) }))}
          value={by}
          onChange={(value) => setBy(value)}
        />
      </div>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t(`columns.${by}`)}</th>
            <th scope="col">
              <span className="visually-hidden">{t("overview.parts")}</span>
            </th>
            <th scope="col">{t("overview.outcomes.in_time")}</th>
            <th scope="col">{t("overview.outcomes.late")}</th>
            <th scope="col">{t("overview.half")}</th>
            <th scope="col">{t("overview.nineInTen")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const search = { ...counted, ...only(by, row[by]?.id) };
            return (
              <tr key={row[by]?.id ?? ""}>
                <th scope="row">{row[by]?.name ?? t("filters.none")}</th>
                <td className={classes.wide}>
                  <Stack figures={row} most={most} />
                </td>
                <td>
                  <Behind search={{ ...search, outcome: ["in_time"] }} value={row.in_time} />
                </td>
                <td>
                  <Behind search={{ ...search, outcome: ["late"] }} value={row.late} />
                </td>
                <td>{row.waited_seconds ? format.duration(row.waited_seconds.p50) : "–"}</td>
                <td>{row.waited_seconds ? format.duration(row.waited_seconds.p90) : "–"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

const NONE = "00000000-0000-0000-0000-000000000000";

function only(by: By, id: string | undefined): BehindSearch {
  return { [`${by}_id`]: [id ?? NONE] };
}

function Behind({ search, value }: { search: BehindSearch; value: number }) {
  const format = useFormat();
  return (
    <Link to="/overview/answers" search={search} className={classes.number}>
      {format.number(value)}
    </Link>
  );
}

const DELAYS = ["waited_seconds", "first_answer_seconds", "worked_seconds", "late_by_seconds"] as const;
const SHARES = ["p50", "p90", "p99"] as const;

/** What half, nine in ten, and 99 in a hundred did not exceed. */
function Delays({ total, counted }: { total: AnswerFigures; counted: Counted }) {
  const { t } = useTranslation();
  const format = useFormat();
  const most = Math.max(1, ...DELAYS.map((name) => total[name]?.p90 ?? 0));
  return (
    <section className={classes.panel} aria-label={t("overview.delays.title")}>
      <Title order={2}>{t("overview.delays.title")}</Title>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t("overview.delays.what")}</th>
            <td aria-hidden />
            {SHARES.map((each) => (
              <th key={each} scope="col">
                {t(`overview.shares.${each}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {DELAYS.map((name) => (
            <tr key={name}>
              <th scope="row">
                <Link
                  to="/overview/answers"
                  search={{ ...counted, outcome: name === "late_by_seconds" ? ["late"] : undefined }}
                  className={classes.name}
                >
                  {t(`overview.delays.${name}`)}
                </Link>
              </th>
              <td className={classes.wide} aria-hidden>
                <span className={classes.track}>
                  <span className={classes.bar} style={{ width: `${((total[name]?.p90 ?? 0) / most) * 100}%` }} />
                  <span className={classes.half} style={{ left: `${((total[name]?.p50 ?? 0) / most) * 100}%` }} />
                </span>
              </td>
              {SHARES.map((each) => {
                const seconds = total[name]?.[each];
                return <td key={each}>{seconds === undefined ? "–" : format.duration(seconds)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
