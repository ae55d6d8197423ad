import { Button, Modal } from "@mantine/core";
import { IconBookmarkPlus, IconDeviceFloppy } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { showDone } from "@/shell/problemNotice";
import { useColumns } from "@/tickets/list/useColumns";
import type { ListSearch } from "@/tickets/list/search";

import { isChanged, keptOf } from "./savedViews";
import { useViewCommands, useViews } from "./useViews";
import { ViewForm } from "./ViewForm";

/** Keeps what the list shows as a view, or as the view that it was opened with. */
export function ViewActions({ search }: { search: ListSearch }) {
  const { t } = useTranslation();
  const { data: views } = useViews();
  const commands = useViewCommands();
  const [columns] = useColumns(search);
  const [isSaving, setSaving] = useState(false);
  const view = views?.find((each) => each.id === search.view);
  const hasChanged = view !== undefined && isChanged(view, search);
  const keep = () => {
    if (!view) return;
    const kept = keptOf(search, search.columns === undefined ? null : columns);
    commands.change.mutate({ view, change: kept }, { onSuccess: () => showDone(t("views.kept", { name: view.name })) });
  };
  return (
    <>
      {hasChanged && view.may_change && (
        <Button size="xs" variant="light" visibleFrom="sm" leftSection={<IconDeviceFloppy size={15} />} onClick={keep}>
          {t("views.keep")}
        </Button>
      )}
      {(view === undefined || hasChanged) && (
        <Button
          size="xs"
          variant="default"
          visibleFrom="sm"
          leftSection={<IconBookmarkPlus size={15} />}
          onClick={() => setSaving(true)}
        >
          {t("views.saveAs")}
        </Button>
      )}
      <Modal opened={isSaving} onClose={() => setSaving(false)} title={t("views.new")}>
        <ViewForm from={{ search, columns }} onDone={() => setSaving(false)} />
      </Modal>
    </>
  );
}
