import { Button, CloseButton, Text } from "@mantine/core";
import {
  IconArrowsTransferUp,
  IconCircleCheck,
  IconLockOpen,
  IconTrash,
  IconUserPlus,
  type Icon,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay, type Right } from "@/session/useSession";
import { useShortcut } from "@/shell/shortcuts";
import classes from "@/tickets/list/list.module.css";
import type { Row } from "@/tickets/list/order";
import type { Chosen } from "@/tickets/list/useChosen";

import type { BulkAction } from "./bulk";
import { BulkDialog } from "./BulkDialog";

const ACTIONS: { action: BulkAction; right: Right; icon: Icon }[] = [
  { action: "assign", right: "assign", icon: IconUserPlus },
  { action: "transfer", right: "assign", icon: IconArrowsTransferUp },
  { action: "unblock", right: "unblock", icon: IconLockOpen },
  { action: "close", right: "answer", icon: IconCircleCheck },
  { action: "delete", right: "delete", icon: IconTrash },
];

/** What can be done to the chosen tickets. */
export function BulkBar({ chosen, rows }: { chosen: Chosen; rows: readonly Row[] }) {
  const { t } = useTranslation();
  const may = useMay();
  const [doing, setDoing] = useState<{ action: BulkAction; tickets: Row["ticket"][] } | null>(null);
  useShortcut({ keys: ["Escape"], label: t("bulk.clear"), group: t("shortcuts.list"), run: chosen.clear });

  const begin = (action: BulkAction) =>
    setDoing({ action, tickets: rows.filter((row) => chosen.ids.has(row.ticket.id)).map((row) => row.ticket) });
  return (
    <>
      {chosen.ids.size > 0 && (
        <div className={classes.bulk} role="toolbar" aria-label={t("bulk.title")}>
          <Text size="sm" fw={600} aria-live="polite">
            {t("bulk.chosen", { count: chosen.ids.size })}
          </Text>
          {ACTIONS.filter((each) => may(each.right)).map((each) => (
            <Button
              key={each.action}
              size="xs"
              variant="light"
              color={each.action === "delete" ? "red" : "brand"}
              leftSection={<each.icon size={15} />}
              onClick={() => begin(each.action)}
            >
              {t(`actions.${each.action}`)}
            </Button>
          ))}
          <CloseButton size="sm" aria-label={t("bulk.clear")} onClick={chosen.clear} />
        </div>
      )}
      {doing && <BulkDialog {...doing} onClose={() => setDoing(null)} onDone={chosen.clear} />}
    </>
  );
}
