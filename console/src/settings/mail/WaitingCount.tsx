import { NavLink } from "@mantine/core";
import { IconMailQuestion } from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/i18n/useFormat";
import classes from "@/tickets/views/views.module.css";

import { useWaiting } from "./mails";

export function WaitingCount() {
  const { t } = useTranslation();
  const format = useFormat();
  const waiting = useWaiting();
  if (!waiting?.count) return null;
  return (
    <span className={classes.count}>
      <span aria-hidden>
        {format.number(waiting.count)}
        {waiting.isMore && "+"}
      </span>
      <span className="visually-hidden">{t("settings.mails.waiting", { count: waiting.count })}</span>
    </span>
  );
}

/** In the side bar while there is such mail: it is part of the day's work, like tickets. */
export function WaitingLink({ onNavigate }: { onNavigate: () => void }) {
  const { t } = useTranslation();
  const isHere = useLocation().pathname.startsWith("/settings/mails");
  if (!useWaiting()?.count) return null;
  return (
    <NavLink
      renderRoot={(root) => <Link to="/settings/mails" {...root} />}
      label={t("settings.sections.mails")}
      leftSection={<IconMailQuestion size={17} stroke={1.7} aria-hidden />}
      rightSection={<WaitingCount />}
      active={isHere}
      aria-current={isHere ? "page" : undefined}
      onClick={onNavigate}
      className={classes.link ?? ""}
    />
  );
}
