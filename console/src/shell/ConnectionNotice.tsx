import { Button } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useLiveState } from "@/live/LiveProvider";

import classes from "./shell.module.css";

/** Says so when what is on the screen may not be true any more. */
export function ConnectionNotice() {
  const { t } = useTranslation();
  const { state, hurry } = useLiveState();
  return (
    <div role="status" aria-live="polite">
      {state === "lost" && (
        <div className={classes.lost}>
          <IconPlugConnectedX size={18} aria-hidden />
          <span>{t("live.lost")}</span>
          <Button size="compact-sm" variant="white" color="dark" onClick={hurry}>
            {t("live.tryNow")}
          </Button>
        </div>
      )}
    </div>
  );
}
