import { Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/i18n/useFormat";
import { Failed } from "@/shell/Failed";
import { useNow } from "@/time/clock";
import { useOpenHours } from "@/time/useOpenHours";
import { figuresAt, type Seen } from "@/tickets/list/figures";
import type { ListSearch } from "@/tickets/list/search";
import { RemainingTime } from "@/tickets/shared/RemainingTime";

import classes from "./overview.module.css";
import { ofAge } from "./period";
import { useDueSoon, useOpen } from "./useFigures";

const FIRST = 5;

/** What is to be done now. */
export function Now({ department }: { department: string[] | undefined }) {
  const { t } = useTranslation();
  const open = useOpen(department);
  const soon = useDueSoon(department).data;
  const within: ListSearch = department === undefined ? {} : { department_id: department };
  if (open.error && !open.data) return <Failed error={open.error} retry={() => void open.refetch()} />;
  const total = open.data?.total;
  const overdue = total?.overdue ?? 0;
  return (
    <section aria-label={t("overview.now")}>
      <div className={classes.cards}>
        <Card label={t("overview.waiting")} value={total?.waiting} search={{ ...within, waiting: true }} />
        <Card
          label={t("overview.overdue")}
          value={total?.overdue}
          tone={overdue > 0 ? "bad" : "good"}
          search={{ ...within, overdue: true, sort: "remaining" }}
        />
        <Card
          label={t("overview.soon")}
          value={soon?.length}
          tone={soon?.length ? "warn" : "good"}
          search={{ ...within, waiting: true, overdue: false, sort: "remaining" }}
        />
        <Card label={t("overview.open")} value={total?.open} search={within} />
      </div>
      <div className={classes.pair}>
        <DueSoon soon={soon ?? []} />
        <Ages ages={total?.ages ?? []} within={within} />
      </div>
    </section>
  );
}

interface CardProps {
  label: string;
  value: number | undefined;
  tone?: "bad" | "warn" | "good";
  search: ListSearch;
}

function Card({ label, value, tone, search }: CardProps) {
  const format = useFormat();
  return (
    <Link to="/tickets" search={search} className={`${classes.card} ${tone ? classes[tone] : ""}`}>
      <span className={classes.value}>{value === undefined ? "–" : format.number(value)}</span>
      <span className={classes.label}>{label}</span>
    </Link>
  );
}

/** What is about to be late, the next first. */
function DueSoon({ soon }: { soon: Seen[] }) {
  const { t } = useTranslation();
  const now = useNow();
  const hours = useOpenHours();
  return (
    <div className={classes.panel}>
      <Title order={2}>{t("overview.next")}</Title>
      {soon.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("overview.nothingSoon")}
        </Text>
      )}
      {soon.slice(0, FIRST).map((seen) => (
        <div key={seen.ticket.id} className={classes.line}>
          <Link
            to="/tickets/$ticketId"
            params={{ ticketId: seen.ticket.id }}
            search={{ sort: "remaining" }}
            className={classes.name}
          >
            #{seen.ticket.number} {seen.ticket.subject}
          </Link>
          <RemainingTime
            ticket={seen.ticket}
            figures={figuresAt(seen, now, hours.get(seen.ticket.department?.id ?? ""))}
          />
        </div>
      ))}
    </div>
  );
}

interface AgesProps {
  ages: { from_seconds: number; to_seconds: number | null; tickets: number }[];
  within: ListSearch;
}

/** How long the open ones have been there. */
function Ages({ ages, within }: AgesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const most = Math.max(1, ...ages.map((each) => each.tickets));
  return (
    <div className={classes.panel}>
      <Title order={2}>{t("overview.ages")}</Title>
      {ages.map(({ from_seconds: from, to_seconds: to, tickets }) => (
        <div key={from} className={classes.line}>
          <span className={classes.age}>
            {to === null
              ? t("overview.older", { age: format.duration(from) })
              : t("overview.upTo", { age: format.duration(to) })}
          </span>
          <span className={classes.track} aria-hidden>
            <span className={classes.bar} style={{ width: `${(tickets / most) * 100}%` }} />
          </span>
          <Link to="/tickets" search={{ ...within, ...ofAge(from, to, now) }} className={classes.number}>
            {format.number(tickets)}
            <span className="visually-hidden"> {t("overview.tickets")}</span>
          </Link>
        </div>
      ))}
    </div>
  );
}
