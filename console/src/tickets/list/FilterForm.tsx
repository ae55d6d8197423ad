import { Button, Chip, Group, MultiSelect, SegmentedControl, Stack, TagsInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useChoicesFor } from "./choices";
import { FLAGS, type Several } from "./filters";
import type { ListSearch } from "./search";

const CHOSEN_FROM_LISTS: readonly Several[] = [
  "department_id",
  "responsible_id",
  "category_id",
  "project_id",
  "group_id",
  "urgency",
  "attitude",
  "channel",
];

/** Each change counts at once: the list behind it shows what comes of it. */
export function FilterForm({ search }: { search: ListSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const set = (change: ListSearch) =>
    void navigate({ to: "/tickets", search: { ...search, ...change, at: undefined }, replace: true });
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        aria-label={t("filters.state")}
        value={search.state ?? "active"}
        onChange={(state) => set({ state: state === "active" ? undefined : state })}
        data={(["active", "closed", "all"] as const).map((value) => ({ value, label: t(`filters.states.${value}`) }))}
      />
      <Group gap={6}>
        {FLAGS.map((flag) => (
          <Chip
            key={flag}
            size="xs"
            checked={search[flag] === true}
            onChange={(checked) => set({ [flag]: checked ? true : undefined })}
          >
            {t(`filters.${flag}`)}
          </Chip>
        ))}
      </Group>
      {CHOSEN_FROM_LISTS.map((name) => (
        <Choice key={name} name={name} values={search[name] ?? []} onChange={(values) => set({ [name]: values })} />
      ))}
      <TagsInput
        size="xs"
        label={t("filters.tag")}
        value={search.tag ?? []}
        onChange={(tag) => set({ tag: tag.length > 0 ? tag : undefined })}
      />
      <Button
        size="xs"
        variant="subtle"
        color="gray"
        onClick={() => void navigate({ to: "/tickets", search: { sort: search.sort, order: search.order } })}
      >
        {t("filters.removeAll")}
      </Button>
    </Stack>
  );
}

interface ChoiceProps {
  name: Several;
  values: string[];
  onChange: (values: string[] | undefined) => void;
}

function Choice({ name, values, onChange }: ChoiceProps) {
  const { t } = useTranslation();
  const choices = useChoicesFor(name);
  return (
    <MultiSelect
      size="xs"
      label={t(`filters.${name}`)}
      data={choices}
      value={values}
      onChange={(next) => onChange(next.length > 0 ? next : undefined)}
      searchable
      clearable
      hidePickedOptions
      comboboxProps={{ withinPortal: false }}
      nothingFoundMessage={t("filters.nothingFound")}
    />
  );
}
