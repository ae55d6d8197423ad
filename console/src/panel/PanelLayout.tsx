import { Button, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link, Navigate, Outlet } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { useIdentity } from "@/session/useSession";
import { ConnectionNotice } from "@/shell/ConnectionNotice";
import { Logo } from "@/shell/Logo";
import { ShortcutHelp } from "@/shell/ShortcutHelp";
import { UserMenu } from "@/shell/UserMenu";

import classes from "./panel.module.css";

/** The frame around what clients see. */
export function PanelLayout() {
  const { t } = useTranslation();
  const me = useIdentity();
  const isClient = me.kind === "client";
  const { data } = useQuery({
    queryKey: ["own", "account"],
    queryFn: () => answer(api.GET("/api/query/my/account")),
    enabled: isClient,
  });
  if (!isClient) return <Navigate to="/tickets" />;
  return (
    <div className={classes.frame}>
      <header className={classes.top}>
        <div className={classes.topInner}>
          <Link to="/panel" className={classes.home}>
            <Logo size={28} />
            <Text fw={650} truncate>
              {data?.account.name ?? t("common.product")}
            </Text>
            <span className="visually-hidden">{t("panel.title")}</span>
          </Link>
          <Button
            size="xs"
            flex="none"
            leftSection={<IconPlus size={15} />}
            renderRoot={(root) => <Link to="/panel/new" {...root} />}
          >
            {t("panel.new")}
          </Button>
          <UserMenu isCompact />
        </div>
      </header>
      <ConnectionNotice />
      <main className={classes.body}>
        <Outlet />
      </main>
      <ShortcutHelp />
    </div>
  );
}
