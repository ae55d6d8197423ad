import { Text } from "@mantine/core";
import { useCallbackRef } from "@mantine/hooks";
import { modals } from "@mantine/modals";
import { useBlocker } from "@tanstack/react-router";
import { useEffect } from "react";

import i18n from "@/i18n";

const onScreen = new Set<() => boolean>();

/** Asks before what was typed and not saved is left: for another page, or with the tab. */
export function useUnsaved(isUnsaved: () => boolean): void {
  const present = useCallbackRef(isUnsaved);
  useEffect(() => {
    onScreen.add(present);
    return () => void onScreen.delete(present);
  }, [present]);
  useBlocker({
    shouldBlockFn: async () => present() && !(await mayLeave()),
    enableBeforeUnload: present, // the browser asks in its own words
  });
}

/** Does what takes somebody away without going to another page, as signing out does; asks before as well. */
export async function leave(work: () => Promise<unknown>): Promise<void> {
  const isSaved = ![...onScreen].some((isUnsaved) => isUnsaved());
  if (isSaved || (await mayLeave())) await work();
}

function mayLeave(): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title: i18n.t("unsaved.title"),
      children: <Text size="sm">{i18n.t("unsaved.text")}</Text>,
      labels: { cancel: i18n.t("unsaved.stay"), confirm: i18n.t("unsaved.leave") },
      cancelProps: { "data-autofocus": true },
      confirmProps: { color: "red" },
      closeButtonProps: { "aria-label": i18n.t("common.close") },
      onConfirm: () => resolve(true),
      onClose: () => resolve(false), // after a confirmation it is too late for that
    });
  });
}
