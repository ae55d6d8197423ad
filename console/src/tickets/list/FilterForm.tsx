import { Button, Group, MultiSelect, SegmentedControl, Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { InstantField } from "@/tickets/past/InstantField";
import { dayOf, midnightOf } from "@/time/days";

import { useChoicesFor } from "./choices";
import { FLAGS, type Flag, type Several } from "./filters";
import classes from "./list.module.css";
import { PersonChoice } from "./PersonChoice";
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
      <div className={classes.flags}>
        {FLAGS.map((flag) => (
          <FlagChoice key={flag} flag={flag} value={search[flag]} onChange={(value) => set({ [flag]: value })} />
        ))}
      </div>
      {CHOSEN_FROM_LISTS.map((name) => (
        <Choice key={name} name={name} values={search[name] ?? []} onChange={(values) => set({ [name]: values })} />
      ))}
      <PersonChoice
        kind="accounts"
        value={search.account_id}
        onChange={(id) => set({ account_id: id, user_id: undefined })}
      />
      <PersonChoice
        kind="users"
        account={search.account_id}
        value={search.user_id}
        onChange={(id) => set({ user_id: id })}
      />
      <TagsInput
        size="xs"
        label={t("filters.tag")}
        value={search.tag ?? []}
        onChange={(tag) => set({ tag: tag.length > 0 ? tag : undefined })}
      />
      <Group grow gap="xs">
        <DayChoice name="opened_since" search={search} onChange={set} />
        <DayChoice name="opened_before" search={search} onChange={set} />
      </Group>
      <InstantField key={search.as_of ?? ""} value={search.as_of} onChange={(instant) => set({ as_of: instant })} />
      <Button
        size="xs"
        variant="subtle"
        color="gray"
        onClick={() =>
          void navigate({ to: "/tickets", search: { sort: search.sort, order: search.order, as_of: search.as_of } })
        }
      >
        {t("filters.removeAll")}
      </Button>
    </Stack>
  );
}

function FlagChoice(props: { flag: Flag; value: boolean | undefined; onChange: (value: boolean | undefined) => void }) {
  const { t } = useTranslation();
  const options = (["any", "yes", "no"] as const).map((value) => ({ value, label: t(`filters.flag.${value}`) }));
  return (
    <div className={classes.flag}>
      <Text size="xs" aria-hidden>
        {t(`filters.${props.flag}`)}
      </Text>
      <SegmentedControl
        size="xs"
        aria-label={t(`filters.${props.flag}`)}
        data={options}
        value={props.value === undefined ? "any" : props.value ? "yes" : "no"}
        onChange={(value) => props.onChange(value === "any" ? undefined : value === "yes")}
      />
    </div>
  );
}

/** Days as they are here: from midnight on, or before it. */
function DayChoice(props: {
  name: "opened_since" | "opened_before";
  search: ListSearch;
  onChange: (change: ListSearch) => void;
}) {
  const { t } = useTranslation();
  const value = props.search[props.name];
  return (
    <TextInput
      size="xs"
      type="date"
      label={t(`filters.${props.name}`)}
      value={value === undefined ? "" : dayOf(value)}
      onChange={(event) => props.onChange({ [props.name]: midnightOf(event.currentTarget.value) })}
    />
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
