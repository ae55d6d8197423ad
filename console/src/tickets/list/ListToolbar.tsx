import { Button, Checkbox, Group, Popover, ScrollArea, Stack, Title } from "@mantine/core";
import { IconColumns3, IconFilter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useViews } from "@/tickets/views/useViews";
import { ViewActions } from "@/tickets/views/ViewActions";

import { COLUMN_NAMES } from "./columnNames";
import { ExportMenu } from "./ExportMenu";
import { FilterForm } from "./FilterForm";
import classes from "./list.module.css";
import { isSameView, without, type ListSearch } from "./search";
import { SearchField } from "./SearchField";
import { SortMenu } from "./SortMenu";
import { useColumns } from "./useColumns";
import { searchOf, VIEWS } from "./views";

export function ListToolbar({ search }: { search: ListSearch }) {
  const { t } = useTranslation();
  return (
    <div className={classes.toolbar}>
      <Title order={1} className={classes.title ?? ""}>
        {useName(search)}
      </Title>
      <SearchField key={search.text ?? ""} search={search} />
      <Group gap="xs" ml="auto">
        {search.as_of === undefined && <ViewActions search={search} />}
        <SortMenu search={search} />
        <Popover position="bottom-end" width={340} withArrow shadow="md" trapFocus returnFocus>
          <Popover.Target>
            <Button variant="default" size="xs" leftSection={<IconFilter size={15} />}>
              {t("filters.title")}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <ScrollArea.Autosize mah="min(70vh, 640px)" offsetScrollbars type="auto" mx={-8} px={8}>
              <FilterForm search={search} />
            </ScrollArea.Autosize>
          </Popover.Dropdown>
        </Popover>
        <ColumnChoice search={search} />
        <ExportMenu search={search} />
      </Group>
    </div>
  );
}

/** What the list is called: as the view that it was opened with. */
function useName(search: ListSearch): string {
  const { t } = useTranslation();
  const { data: views } = useViews();
  const saved = views?.find((each) => each.id === search.view);
  if (saved) return saved.name;
  const view = VIEWS.find((name) => isSameView(searchOf(name), without(search, "account_id")));
  return view ? t(`views.${view}`) : t("list.title");
}

function ColumnChoice({ search }: { search: ListSearch }) {
  const { t } = useTranslation();
  const [shown, show] = useColumns(search);
  return (
    <Popover position="bottom-end" withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<IconColumns3 size={15} />} visibleFrom="md">
          {t("list.columns")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {COLUMN_NAMES.map((name) => (
            <Checkbox
              key={name}
              size="xs"
              label={t(`columns.${name}`)}
              checked={shown.includes(name)}
              disabled={name === "subject"}
              onChange={({ currentTarget }) =>
                show(currentTarget.checked ? [...shown, name] : shown.filter((each) => each !== name))
              }
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
