import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { session } from "./session";
import classes from "./session.module.css";
import { useSession } from "./useSession";

/** Whom one works as, and the way back. */
export function ActingBanner() {
  const { t } = useTranslation();
  const state = useSession();
  if (state.status !== "in" || !state.acting) return null;
  return (
    <div className={classes.banner} role="status">
      <span>{t("session.acting", { client: state.acting.user.name, administrator: state.own.user.name })}</span>
      <Button size="compact-sm" variant="white" color="dark" onClick={() => void session.stopActing()}>
        {t("session.stopActing")}
      </Button>
    </div>
  );
}
