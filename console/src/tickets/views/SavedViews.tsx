import { ActionIcon, Text, Tooltip } from "@mantine/core";
import { IconBookmark, IconSettings, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { addressOf } from "./savedViews";
import { useViews } from "./useViews";
import { ViewLink } from "./ViewLink";
import { ViewManager } from "./ViewManager";
import classes from "./views.module.css";

/** One's own views and those shared with oneself, each with how many tickets it has now. */
export function SavedViews(props: { counts: Readonly<Record<string, number>>; onNavigate: () => void }) {
  const { t } = useTranslation();
  const { data: views } = useViews();
  const [isManaging, setManaging] = useState(false);
  if (!views?.length) return null;
  return (
    <section aria-label={t("views.saved")}>
      <div className={classes.head}>
        <Text size="xs" fw={600} c="dimmed">
          {t("views.saved")}
        </Text>
        <Tooltip label={t("views.manage")}>
          <ActionIcon
            size="xs"
            variant="subtle"
            color="gray"
            aria-label={t("views.manage")}
            onClick={() => setManaging(true)}
          >
            <IconSettings size={14} />
          </ActionIcon>
        </Tooltip>
      </div>
      {views.map((view) => (
        <ViewLink
          key={view.id}
          label={view.name}
          icon={view.sharing.everybody || view.sharing.department_ids.length > 0 ? IconUsers : IconBookmark}
          search={addressOf(view)}
          count={props.counts[view.id]}
          onNavigate={props.onNavigate}
        />
      ))}
      <ViewManager opened={isManaging} views={views} onClose={() => setManaging(false)} />
    </section>
  );
}
