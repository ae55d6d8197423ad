import { Kbd, Modal, Table, Text } from "@mantine/core";
import { useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import { useShortcut, useShortcutList } from "./shortcuts";

let isOpen = false;
const watchers = new Set<() => void>();

export function openShortcutHelp(): void {
  show(true);
}

function show(open: boolean): void {
  isOpen = open;
  for (const watcher of watchers) watcher();
}

const subscribe = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

/** The keys that do something on this page. */
export function ShortcutHelp() {
  const { t } = useTranslation();
  const opened = useSyncExternalStore(subscribe, () => isOpen);
  useShortcut({ keys: ["?"], label: t("shortcuts.title"), group: t("shortcuts.everywhere"), run: openShortcutHelp });
  return (
    <Modal opened={opened} onClose={() => show(false)} title={t("shortcuts.title")} size="md">
      {opened && <List />}
    </Modal>
  );
}

function List() {
  const read = useShortcutList();
  const [shortcuts] = useState(read);
  const groups = [...new Set(shortcuts.map((each) => each.group))];
  return groups.map((group) => (
    <section key={group}>
      <Text fw={650} size="sm" mt="sm">
        {group}
      </Text>
      <Table verticalSpacing={4} withRowBorders={false}>
        <Table.Tbody>
          {shortcuts
            .filter((each) => each.group === group)
            .map((each) => (
              <Table.Tr key={each.keys.join()}>
                <Table.Td>{each.label}</Table.Td>
                <Table.Td ta="right">
                  {each.keys.map((key) => (
                    <Kbd key={key} ml={6}>
                      {shownKey(key)}
                    </Kbd>
                  ))}
                </Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </section>
  ));
}

const NAMES: Record<string, string> = { ArrowDown: "↓", ArrowUp: "↑", Enter: "⏎", " ": "␣", Escape: "Esc" };

export function shownKey(key: string): string {
  if (key.startsWith("mod+")) return `${isMac() ? "⌘" : "Ctrl"} ${shownKey(key.slice(4))}`;
  return NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

const isMac = () => navigator.userAgent.includes("Mac");
