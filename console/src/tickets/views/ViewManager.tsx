import { ActionIcon, Modal, Stack, Text, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { SavedView } from "@/api/types";
import { showDone } from "@/shell/problemNotice";

import { useViewCommands } from "./useViews";
import { ViewForm } from "./ViewForm";
import classes from "./views.module.css";

/** Renames, shares, places and deletes views. */
export function ViewManager({ opened, views, onClose }: { opened: boolean; views: SavedView[]; onClose: () => void }) {
  const { t } = useTranslation();
  const [changing, setChanging] = useState<SavedView | null>(null);
  const close = () => {
    setChanging(null);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={t(changing ? "views.change" : "views.manage")}>
      {changing ? (
        <ViewForm view={changing} onDone={() => setChanging(null)} />
      ) : (
        <Stack gap={4}>
          {views.map((view, place) => (
            <ViewRow key={view.id} view={view} place={place} views={views} onChange={() => setChanging(view)} />
          ))}
        </Stack>
      )}
    </Modal>
  );
}

interface RowProps {
  view: SavedView;
  place: number;
  views: SavedView[];
  onChange: () => void;
}

function ViewRow({ view, place, views, onChange }: RowProps) {
  const { t } = useTranslation();
  const commands = useViewCommands();
  const [isSure, setSure] = useState(false);
  const move = (to: number) => {
    const ids = views.map((each) => each.id).filter((id) => id !== view.id);
    commands.place.mutate(ids.toSpliced(to, 0, view.id));
  };
  const remove = () => {
    if (!isSure) setSure(true);
    else commands.remove.mutate(view, { onSuccess: () => showDone(t("views.deleted", { name: view.name })) });
  };
  const label = t(isSure ? "views.deleteSurely" : "views.delete", { name: view.name });
  return (
    <div className={classes.viewRow}>
      <Text size="sm" className={classes.name ?? ""}>
        {view.name}
      </Text>
      <Act label={t("views.up", { name: view.name })} disabled={place === 0} run={() => move(place - 1)}>
        <IconArrowUp size={15} />
      </Act>
      <Act
        label={t("views.down", { name: view.name })}
        disabled={place === views.length - 1}
        run={() => move(place + 1)}
      >
        <IconArrowDown size={15} />
      </Act>
      <Act label={t("views.changeOne", { name: view.name })} disabled={!view.may_change} run={onChange}>
        <IconPencil size={15} />
      </Act>
      <Act label={label} disabled={!view.may_change} isDanger={isSure} run={remove}>
        <IconTrash size={15} />
      </Act>
    </div>
  );
}

interface ActProps {
  label: string;
  disabled?: boolean;
  isDanger?: boolean;
  run: () => void;
  children: React.ReactNode;
}

function Act({ label, disabled = false, isDanger = false, run, children }: ActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        size="md"
        variant={isDanger ? "filled" : "subtle"}
        color={isDanger ? "red" : "gray"}
        disabled={disabled}
        aria-label={label}
        onClick={run}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
