import { ActionIcon, AppShell } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMenu2 } from "@tabler/icons-react";
import { Navigate, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useIdentity } from "@/session/useSession";
import { HeardProvider } from "@/tickets/list/heard";
import { UndoKey } from "@/tickets/shared/useUndo";

import { ConnectionNotice } from "./ConnectionNotice";
import { Logo } from "./Logo";
import { Navigation } from "./Navigation";
import { Palette } from "./Palette";
import classes from "./shell.module.css";
import { ShortcutHelp } from "./ShortcutHelp";

/** The frame around what administrators work with. */
export function StaffLayout() {
  const { t } = useTranslation();
  const me = useIdentity();
  const [isOpen, menu] = useDisclosure(false);
  if (me.kind !== "administrator") return <Navigate to="/panel" />;
  return (
    <AppShell
      padding={0}
      header={{ height: { base: 48, sm: 0 } }}
      navbar={{ width: 228, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
    >
      <AppShell.Header hiddenFrom="sm" className={classes.header ?? ""}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("shell.menu")}
          aria-expanded={isOpen}
          onClick={menu.toggle}
        >
          <IconMenu2 size={20} />
        </ActionIcon>
        <Logo size={24} />
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar ?? ""}>
        <Navigation onNavigate={menu.close} />
      </AppShell.Navbar>
      <AppShell.Main className={classes.main ?? ""}>
        <ConnectionNotice />
        <HeardProvider>
          <Outlet />
        </HeardProvider>
      </AppShell.Main>
      <UndoKey />
      <ShortcutHelp />
      <Palette />
    </AppShell>
  );
}
