import { Button, Checkbox, Group, MultiSelect, Select, Stack, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState, type SyntheticEvent } from "react";
import { useTranslation } from "react-i18next";

import type { SavedView } from "@/api/types";
import { useDepartments } from "@/lookups/lookups";
import { useIdentity, useMay } from "@/session/useSession";
import type { ColumnName } from "@/tickets/list/columnNames";
import type { ListSearch } from "@/tickets/list/search";

import { addressOf, keptOf } from "./savedViews";
import { useViewCommands } from "./useViews";

interface Props {
  /** The view to change; without one, what `from` shows is saved as a new one. */
  view?: SavedView;
  from?: { search: ListSearch; columns: readonly ColumnName[] };
  onDone: () => void;
}

type With = "nobody" | "departments" | "everybody";

/** A view's name, and whom it is for. */
export function ViewForm({ view, from, onDone }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const commands = useViewCommands();
  const [name, setName] = useState(view?.name ?? "");
  const [shared, setShared] = useState<With>(sharedWith(view));
  const [departments, setDepartments] = useState(view?.sharing.department_ids ?? []);
  const [withColumns, setWithColumns] = useState(from?.search.columns !== undefined);
  const sharing = {
    everybody: shared === "everybody",
    department_ids: shared === "departments" ? departments : [],
  };
  const isReady = name.trim() !== "" && (shared !== "departments" || departments.length > 0);

  const save = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (!isReady) return;
    if (view) await commands.change.mutateAsync({ view, change: { name, sharing } });
    else if (from) {
      const kept = keptOf(from.search, withColumns ? from.columns : null);
      const made = await commands.make.mutateAsync({ name, sharing, ...kept });
      void navigate({ to: "/tickets", search: { ...addressOf(made), at: from.search.at } });
    }
    onDone();
  };
  return (
    // What is refused is shown by the commands themselves.
    <form onSubmit={(event) => void save(event).catch(() => undefined)}>
      <Stack>
        <TextInput
          label={t("views.name")}
          maxLength={200}
          required
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Sharing {...{ shared, setShared, departments, setDepartments }} />
        {from && (
          <Checkbox
            label={t("views.withColumns")}
            checked={withColumns}
            onChange={(event) => setWithColumns(event.currentTarget.checked)}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" disabled={!isReady} loading={commands.make.isPending || commands.change.isPending}>
            {t("views.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function sharedWith(view: SavedView | undefined): With {
  if (view?.sharing.everybody) return "everybody";
  return view && view.sharing.department_ids.length > 0 ? "departments" : "nobody";
}

interface SharingProps {
  shared: With;
  setShared: (shared: With) => void;
  departments: string[];
  setDepartments: (ids: string[]) => void;
}

/** Heads share with the departments they head; who manages settings, with everybody and all departments. */
function Sharing({ shared, setShared, departments, setDepartments }: SharingProps) {
  const { t } = useTranslation();
  const { id } = useIdentity();
  const isForAll = useMay()("manage_settings");
  const all = useDepartments().data ?? [];
  const mine = all.filter((each) => isForAll || each.head_id === id || departments.includes(each.id));
  const choices: With[] = [
    "nobody",
    ...(mine.length > 0 ? (["departments"] as const) : []),
    ...(isForAll || shared === "everybody" ? (["everybody"] as const) : []),
  ];
  if (choices.length === 1) return null;
  return (
    <>
      <Select
        label={t("views.sharing")}
        allowDeselect={false}
        data={choices.map((value) => ({ value, label: t(`views.with.${value}`) }))}
        value={shared}
        onChange={(value) => value !== null && setShared(value)}
      />
      {shared === "departments" && (
        <MultiSelect
          label={t("views.departments")}
          data={mine.map((each) => ({ value: each.id, label: each.name }))}
          value={departments}
          onChange={setDepartments}
          searchable
          hidePickedOptions
        />
      )}
    </>
  );
}
