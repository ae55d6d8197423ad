import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { serverNow } from "@/time/clock";
import { nextChange } from "@/time/openHours";
import { useOpenHours } from "@/time/useOpenHours";
import type { Figures } from "@/tickets/list/figures";

import classes from "./shared.module.css";

/** Working time left; red and below zero once it is overdue. On hover: until when, and whether the clock runs. */
export function RemainingTime({ ticket, figures }: { ticket: Ticket; figures: Figures }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (figures.remaining === null || ticket.deadline_at === null) return null;
  const text = format.duration(figures.isOverdue ? Math.min(figures.remaining, 0) : figures.remaining);
  const isLate = figures.isOverdue;
  return (
    <Tooltip label={<Explanation ticket={ticket} isLate={isLate} />}>
      <span className={`${classes.figure} ${isLate ? classes.overdue : ""}`}>
        {text}
        {isLate && <span className="visually-hidden"> {t("list.overdue")}</span>}
      </span>
    </Tooltip>
  );
}

function Explanation({ ticket, isLate }: { ticket: Ticket; isLate: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const hours = useOpenHours().get(ticket.department?.id ?? "");
  const change = nextChange(hours, serverNow());
  return (
    <>
      <div>{t(isLate ? "list.wasDue" : "list.isDue", { at: format.exact(ticket.deadline_at ?? "") })}</div>
      {change && (
        <div>
          {t(change.opens ? "list.closedUntil" : "list.openUntil", {
            department: ticket.department?.name,
            at: format.instant(change.at),
          })}
        </div>
      )}
    </>
  );
}
