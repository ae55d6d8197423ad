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
let underway: Promise<unknown> = Promise.resolve();

type Offer = (done: string, undo: Undoing | null) => void;

/** Says what was done, with a way to take it back: for some seconds, also by key. */
export function useOffer(): Offer {
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

type Undoable = (doing: Promise<unknown>, done: string, undo: Undoing | null) => void;

/** Offers to take back what is being done, as soon as it is: wherever one has gone in the meantime. */
export function useUndo(): Undoable {
  const offer = useOffer();
  return useCallback(
    (doing, done, undo) => {
      underway = doing.then(
        () => offer(done, undo),
        () => undefined, // what went wrong is told by what was to be done
      );
    },
    [offer],
  );
}

/** The page may show what was done before it is offered to be taken back: a key that comes in between waits for that. */
function takeBackLatest(): void {
  void underway.then(() => latest?.());
}

/** Takes back what was done last. */
export function UndoKey() {
  const { t } = useTranslation();
  useShortcut({ keys: ["z"], label: t("undo.last"), group: t("shortcuts.everywhere"), run: takeBackLatest });
  return null;
}
