import { Button, Checkbox, Group, Popover, Stack, Title } from "@mantine/core";
import { IconColumns3, IconFilter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useIdentity } from "@/session/useSession";
import { usePreference } from "@/shell/preferences";

import { COLUMNS, type ColumnName } from "./columns";
import { FilterForm } from "./FilterForm";
import classes from "./list.module.css";
import { isSameView, type ListSearch } from "./search";
import { searchOf, VIEWS } from "./views";

export function ListToolbar({ search }: { search: ListSearch }) {
  const { t } = useTranslation();
  const me = useIdentity();
  const view = VIEWS.find((name) => isSameView(searchOf(name, me.id), search));
  return (
    <div className={classes.toolbar}>
      <Title order={1}>{view ? t(`views.${view}`) : t("list.title")}</Title>
      <Group gap="xs" ml="auto">
        <Popover position="bottom-end" width={320} withArrow shadow="md" trapFocus returnFocus>
          <Popover.Target>
            <Button variant="default" size="xs" leftSection={<IconFilter size={15} />}>
              {t("filters.title")}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <FilterForm search={search} />
          </Popover.Dropdown>
        </Popover>
        <ColumnChoice />
      </Group>
    </div>
  );
}

function ColumnChoice() {
  const { t } = useTranslation();
  const [hidden, hide] = usePreference<ColumnName[]>("list.hidden", []);
  return (
    <Popover position="bottom-end" withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<IconColumns3 size={15} />} visibleFrom="md">
          {t("list.columns")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {COLUMNS.map((name) => (
            <Checkbox
              key={name}
              size="xs"
              label={t(`columns.${name}`)}
              checked={!hidden.includes(name)}
              disabled={name === "subject"}
              onChange={({ currentTarget }) =>
                hide(currentTarget.checked ? hidden.filter((each) => each !== name) : [...hidden, name])
              }
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
