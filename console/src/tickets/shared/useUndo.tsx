import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { showDone, showProblem } from "@/shell/problemNotice";
import { useShortcut } from "@/shell/shortcuts";

import type { Undoing } from "./undoing";

const OFFERED = 10_000;

let latest: (() => void) | null = null;

/** Says what was done, with a way to take it back: for some seconds, also by key. */
export function useUndo(): (done: string, undo: Undoing | null) => void {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return useCallback(
    (done, undo) => {
      if (undo === null) {
        showDone(done);
        return;
      }
      const take = () => {
        forget();
        undo()
          .then(() => showDone(t("undo.done")), showProblem)
          .finally(() => {
            void queries.invalidateQueries({ queryKey: ["tickets"] });
            void queries.invalidateQueries({ queryKey: ["ticket"] });
          });
      };
      const id = notifications.show({
        message: (
          <Group justify="space-between" wrap="nowrap">
            {done}
            <Button size="compact-sm" variant="light" onClick={take}>
              {t("undo.take")}
            </Button>
          </Group>
        ),
        autoClose: OFFERED,
        onClose: () => {
          if (latest === take) latest = null;
        },
      });
      const forget = () => {
        if (latest === take) latest = null;
        notifications.hide(id);
      };
      latest = take;
    },
    [t, queries],
  );
}

/** Takes back what was done last. */
export function UndoKey() {
  const { t } = useTranslation();
  useShortcut({ keys: ["z"], label: t("undo.last"), group: t("shortcuts.everywhere"), run: () => latest?.() });
  return null;
}
