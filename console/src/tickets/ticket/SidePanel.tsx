import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { usePast } from "@/tickets/past/usePast";

import { AccountTab } from "./AccountTab";
import { HistoryTab } from "./HistoryTab";
import { MailTab } from "./MailTab";
import { PropertiesTab } from "./PropertiesTab";
import classes from "./ticket.module.css";
import type { Opened } from "./reading";

const TABS = ["properties", "account", "history", "mail"] as const;

export function SidePanel({ opened }: { opened: Opened }) {
  const { t } = useTranslation();
  // Of an account and its mail there is no past.
  const tabs = usePast() === undefined ? TABS : (["properties", "history"] as const);
  return (
    <aside className={classes.side} aria-label={t("ticket.about")}>
      <Tabs defaultValue="properties" keepMounted={false}>
        <Tabs.List grow>
          {tabs.map((tab) => (
            <Tabs.Tab key={tab} value={tab} px={8}>
              {t(`ticket.tabs.${tab}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="properties">
          <PropertiesTab opened={opened} />
        </Tabs.Panel>
        <Tabs.Panel value="account">
          <AccountTab ticket={opened.ticket} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryTab ticketId={opened.ticket.id} />
        </Tabs.Panel>
        <Tabs.Panel value="mail">
          <MailTab ticketId={opened.ticket.id} />
        </Tabs.Panel>
      </Tabs>
    </aside>
  );
}
