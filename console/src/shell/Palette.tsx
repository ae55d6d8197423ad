import { createSpotlight, Spotlight, type SpotlightActionData } from "@mantine/spotlight";
import {
  IconInbox,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
  IconUsersGroup,
} from "@tabler/icons-react";
import { useMantineColorScheme } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useDepartments } from "@/lookups/lookups";
import { session } from "@/session/session";
import { searchOf, VIEWS } from "@/tickets/list/views";

import { openShortcutHelp } from "./ShortcutHelp";
import { useShortcut } from "./shortcuts";

const [store, palette] = createSpotlight();

export const openPalette = (): void => palette.open();

/** Everything there is to do and to go to, by name. */
export function Palette() {
  const { t } = useTranslation();
  const actions = [useGoing(), useDoing()].map(([group, list]) => ({ group, actions: list }));
  useShortcut({ keys: ["mod+k", "/"], label: t("palette.open"), group: t("shortcuts.everywhere"), run: openPalette });
  return (
    <Spotlight
      store={store}
      shortcut={null}
      actions={actions}
      nothingFound={t("palette.nothing")}
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: t("palette.placeholder"),
        "aria-label": t("palette.placeholder"),
      }}
    />
  );
}

function useGoing(): [string, SpotlightActionData[]] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const departments = useDepartments();
  const views = VIEWS.map((view) => ({
    id: view,
    label: t(`views.${view}`),
    leftSection: <IconInbox size={18} />,
    onClick: () => void navigate({ to: "/tickets", search: searchOf(view) }),
  }));
  const teams = (departments.data ?? []).map(({ id, name }) => ({
    id,
    label: name,
    description: t("columns.department"),
    leftSection: <IconUsersGroup size={18} />,
    onClick: () => void navigate({ to: "/tickets", search: { department_id: [id] } }),
  }));
  return [t("palette.goTo"), [...views, ...teams]];
}

function useDoing(): [string, SpotlightActionData[]] {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const list = [
    { id: "light", label: t("shell.scheme.light"), icon: IconSun, run: () => setColorScheme("light") },
    { id: "dark", label: t("shell.scheme.dark"), icon: IconMoon, run: () => setColorScheme("dark") },
    { id: "keys", label: t("shortcuts.title"), icon: IconKeyboard, run: openShortcutHelp },
    { id: "out", label: t("session.signOut"), icon: IconLogout, run: () => void session.signOut() },
  ];
  const actions = list.map((each) => ({
    id: each.id,
    label: each.label,
    leftSection: <each.icon size={18} />,
    onClick: each.run,
  }));
  return [t("palette.do"), actions];
}
