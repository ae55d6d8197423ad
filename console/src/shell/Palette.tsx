import { createSpotlight, Spotlight, type SpotlightActionData } from "@mantine/spotlight";
import {
  IconBookmark,
  IconBolt,
  IconChartBar,
  IconInbox,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSettings,
  IconSun,
  IconTicket,
  IconUsersGroup,
} from "@tabler/icons-react";
import { Kbd, useMantineColorScheme } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { useDepartments } from "@/lookups/lookups";
import { session } from "@/session/session";
import { useMay } from "@/session/useSession";
import { sectionsFor } from "@/settings/sections";
import { searchOf, VIEWS } from "@/tickets/list/views";
import { addressOf } from "@/tickets/views/savedViews";
import { useViews } from "@/tickets/views/useViews";
import { leave } from "@/writing/useUnsaved";

import { showDone, showProblem } from "./problemNotice";
import { openShortcutHelp, shownKey } from "./ShortcutHelp";
import { useShortcut, useShortcutList, type Shortcut } from "./shortcuts";

const [store, palette] = createSpotlight();

export const openPalette = (): void => palette.open();

/** Everything there is to do and to go to, by name; what is typed may be looked for as well. */
export function Palette() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const read = useShortcutList();
  const [here, setHere] = useState<Shortcut[]>([]);
  const actions = [useHere(here), useGoing(), useDoing(), useLooking(typed)];
  useShortcut({ keys: ["mod+k", "/"], label: t("palette.open"), group: t("shortcuts.everywhere"), run: openPalette });
  return (
    <Spotlight
      store={store}
      shortcut={null}
      query={typed}
      onQueryChange={setTyped}
      onSpotlightOpen={() => setHere(read())}
      actions={actions.map(([group, list]) => ({ group, actions: list }))}
      // What is typed is looked for whatever it is; all else by its name.
      filter={(wanted, all) => all.flatMap((each) => matching(each, wanted))}
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

type Actions = [string, SpotlightActionData[]];
type Listed = SpotlightActionData | { group: string; actions: SpotlightActionData[] };

const LOOK = "look-";

function matching(listed: Listed, wanted: string): Listed[] {
  if (!("actions" in listed)) return [listed];
  const words = wanted.trim().toLowerCase().split(/\s+/);
  const found = listed.actions.filter(
    ({ id, label = "", description = "" }) =>
      id.startsWith(LOOK) || words.every((word) => `${label} ${description}`.toLowerCase().includes(word)),
  );
  return found.length > 0 ? [{ group: listed.group, actions: found }] : [];
}

/** What the page that one is on can do, each with its key. */
function useHere(shortcuts: Shortcut[]): Actions {
  const { t } = useTranslation();
  const everywhere = t("shortcuts.everywhere");
  const actions = shortcuts
    .filter((each) => each.group !== everywhere)
    .map(({ keys, label, group, run }) => ({
      id: `here-${keys.join()}`,
      label,
      description: group,
      leftSection: <IconBolt size={18} />,
      rightSection: <Kbd size="xs">{shownKey(keys[0] ?? "")}</Kbd>,
      // Once the palette has given the focus back.
      onClick: () => void setTimeout(run, 50),
    }));
  return [t("palette.here"), actions];
}

function useGoing(): Actions {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const departments = useDepartments();
  const saved = useViews();
  const views = VIEWS.map((view) => ({
    id: view,
    label: t(`views.${view}`),
    leftSection: <IconInbox size={18} />,
    onClick: () => void navigate({ to: "/tickets", search: searchOf(view) }),
  }));
  const own = (saved.data ?? []).map((view) => ({
    id: view.id,
    label: view.name,
    description: t("views.saved"),
    leftSection: <IconBookmark size={18} />,
    onClick: () => void navigate({ to: "/tickets", search: addressOf(view) }),
  }));
  const teams = (departments.data ?? []).map(({ id, name }) => ({
    id,
    label: name,
    description: t("columns.department"),
    leftSection: <IconUsersGroup size={18} />,
    onClick: () => void navigate({ to: "/tickets", search: { department_id: [id] } }),
  }));
  const overview = {
    id: "overview",
    label: t("overview.title"),
    leftSection: <IconChartBar size={18} />,
    onClick: () => void navigate({ to: "/overview", search: {} }),
  };
  const settings = sectionsFor(useMay()).map((section) => ({
    id: `settings ${section}`,
    label: t(`settings.sections.${section}`),
    description: t("settings.title"),
    leftSection: <IconSettings size={18} />,
    onClick: () => void navigate({ to: `/settings/${section}` }),
  }));
  return [t("palette.goTo"), [overview, ...views, ...own, ...teams, ...settings]];
}

function useDoing(): Actions {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const list = [
    { id: "light", label: t("shell.scheme.light"), icon: IconSun, run: () => setColorScheme("light") },
    { id: "dark", label: t("shell.scheme.dark"), icon: IconMoon, run: () => setColorScheme("dark") },
    { id: "keys", label: t("shortcuts.title"), icon: IconKeyboard, run: openShortcutHelp },
    { id: "out", label: t("session.signOut"), icon: IconLogout, run: () => void leave(() => session.signOut()) },
  ];
  const actions = list.map((each) => ({
    id: each.id,
    label: each.label,
    leftSection: <each.icon size={18} />,
    onClick: each.run,
  }));
  return [t("palette.do"), actions];
}

/** What is typed, as a number and as a text. */
function useLooking(typed: string): Actions {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const text = typed.trim();
  const number = /^#?(\d{1,15})$/.exec(text)?.[1];
  const open = async (wanted: number) => {
    const query = { text: `#${wanted}`, state: "all", limit: 10 } as const;
    const { items } = await answer(api.GET("/api/query/tickets", { params: { query } }));
    const found = items.find((ticket) => ticket.number === wanted);
    if (found) await navigate({ to: "/tickets/$ticketId", params: { ticketId: found.id }, search: {} });
    else showDone(t("palette.noTicket", { number: wanted }));
  };
  const actions = [
    number !== undefined && {
      id: `${LOOK}number`,
      label: t("palette.openTicket", { number }),
      leftSection: <IconTicket size={18} />,
      onClick: () => void open(Number(number)).catch(showProblem),
    },
    text !== "" && {
      id: `${LOOK}text`,
      label: t("palette.look", { text }),
      leftSection: <IconSearch size={18} />,
      onClick: () => void navigate({ to: "/tickets", search: { text, state: "all" } }),
    },
  ].filter((each) => each !== false);
  return [t("palette.find"), actions];
}
