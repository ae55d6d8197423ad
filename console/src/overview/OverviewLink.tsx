import { NavLink } from "@mantine/core";
import { IconChartBar } from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import classes from "@/tickets/views/views.module.css";

export function OverviewLink({ onNavigate }: { onNavigate: () => void }) {
  const { t } = useTranslation();
  const isHere = useLocation().pathname.startsWith("/overview");
  return (
    <NavLink
      renderRoot={(root) => <Link to="/overview" {...root} />}
      label={t("overview.title")}
      leftSection={<IconChartBar size={17} stroke={1.7} aria-hidden />}
      active={isHere}
      aria-current={isHere ? "page" : undefined}
      onClick={onNavigate}
      className={classes.link ?? ""}
    />
  );
}
