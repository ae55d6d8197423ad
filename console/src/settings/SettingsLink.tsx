import { NavLink } from "@mantine/core";
import { IconSettings } from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useMay } from "@/session/useSession";
import classes from "@/tickets/views/views.module.css";

import { sectionsFor } from "./sections";

/** For those who may set something. */
export function SettingsLink({ onNavigate }: { onNavigate: () => void }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  // Waiting mail has a way of its own, while there is some.
  const isHere = pathname.startsWith("/settings") && !pathname.startsWith("/settings/mails");
  if (sectionsFor(useMay()).every((section) => section === "mails")) return null;
  return (
    <NavLink
      renderRoot={(root) => <Link to="/settings" activeOptions={{ exact: true }} {...root} />}
      label={t("settings.title")}
      leftSection={<IconSettings size={17} stroke={1.7} aria-hidden />}
      active={isHere}
      aria-current={isHere ? "page" : undefined}
      onClick={onNavigate}
      className={classes.link ?? ""}
    />
  );
}
