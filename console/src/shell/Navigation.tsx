import { ActionIcon, Kbd, ScrollArea, Text, Tooltip, UnstyledButton } from "@mantine/core";
import {
  IconAlarm,
  IconArchive,
  IconInbox,
  IconLock,
  IconMailOpened,
  IconSearch,
  IconUserCheck,
  IconUserQuestion,
  IconUsersGroup,
  type Icon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useDepartments } from "@/lookups/lookups";
import { OverviewLink } from "@/overview/OverviewLink";
import { WaitingLink } from "@/settings/mail/WaitingCount";
import { SettingsLink } from "@/settings/SettingsLink";
import { searchOf, VIEWS, type ViewName } from "@/tickets/list/views";
import { SavedViews } from "@/tickets/views/SavedViews";
import { useViewCounts } from "@/tickets/views/useViews";
import { useListHere, ViewLink } from "@/tickets/views/ViewLink";

import { Logo } from "./Logo";
import { openPalette } from "./Palette";
import classes from "./shell.module.css";
import { UserMenu } from "./UserMenu";

const ICONS: Record<ViewName, Icon> = {
  active: IconInbox,
  mine: IconUserCheck,
  nobodys: IconUserQuestion,
  unread: IconMailOpened,
  overdue: IconAlarm,
  blocked: IconLock,
  closed: IconArchive,
};

export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const { t } = useTranslation();
  const departments = useDepartments();
  const counts = useViewCounts(useListHere()?.account_id);
  return (
    <div className={classes.navigation}>
      <div className={classes.brand}>
        <Logo />
        <Text fw={650} size="md">
          {t("common.product")}
        </Text>
        <Tooltip label={t("palette.open")}>
          <ActionIcon variant="subtle" color="gray" ml="auto" aria-label={t("palette.open")} onClick={openPalette}>
            <IconSearch size={18} />
          </ActionIcon>
        </Tooltip>
      </div>
      <ScrollArea flex={1} type="hover" component="nav" aria-label={t("shell.views")}>
        <OverviewLink onNavigate={onNavigate} />
        <WaitingLink onNavigate={onNavigate} />
        {VIEWS.map((view) => (
          <ViewLink
            key={view}
            label={t(`views.${view}`)}
            icon={ICONS[view]}
            search={searchOf(view)}
            count={counts[view]}
            onNavigate={onNavigate}
          />
        ))}
        <SavedViews counts={counts} onNavigate={onNavigate} />
        <Text size="xs" fw={600} c="dimmed" className={classes.section}>
          {t("shell.departments")}
        </Text>
        {departments.data
          ?.filter((each) => each.enabled)
          .map(({ id, name }) => (
            <ViewLink
              key={id}
              label={name}
              icon={IconUsersGroup}
              search={{ department_id: [id] }}
              onNavigate={onNavigate}
            />
          ))}
      </ScrollArea>
      <SettingsLink onNavigate={onNavigate} />
      <UnstyledButton className={classes.palette} onClick={openPalette} visibleFrom="sm">
        {t("palette.hint")} <Kbd size="xs">{t("palette.keys")}</Kbd>
      </UnstyledButton>
      <UserMenu />
    </div>
  );
}
