import { Button, Menu, ScrollArea } from "@mantine/core";
import { IconArrowDown, IconArrowsSort, IconArrowUp, IconCheck } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { SORTS, USUAL, type Order, type Sort } from "./order";
import { sortOf, type ListSearch } from "./search";

/** Every order that there is, also those by what no column shows. */
export function SortMenu({ search }: { search: ListSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const now = sortOf(search);
  const set = (sort: Sort, order: Order) =>
    void navigate({
      to: "/tickets",
      search: {
        ...search,
        sort: sort === "weight" ? undefined : sort,
        order: order === USUAL[sort] ? undefined : order,
      },
    });
  const Arrow = now.order === "asc" ? IconArrowUp : IconArrowDown;
  return (
    <Menu position="bottom-end" width={220} closeOnItemClick={false}>
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconArrowsSort size={15} />}
          rightSection={<Arrow size={13} aria-hidden />}
          aria-label={t("sort.by", { what: t(`sort.names.${now.sort}`) })}
        >
          {t(`sort.names.${now.sort}`)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(["asc", "desc"] as const).map((order) => (
          <Menu.Item
            key={order}
            leftSection={order === "asc" ? <IconArrowUp size={15} /> : <IconArrowDown size={15} />}
            rightSection={now.order === order && <IconCheck size={15} aria-label={t("sort.chosen")} />}
            onClick={() => set(now.sort, order)}
          >
            {t(`sort.${order}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <ScrollArea.Autosize mah={360} type="auto">
          {SORTS.map((sort) => (
            <Menu.Item
              key={sort}
              rightSection={now.sort === sort && <IconCheck size={15} aria-label={t("sort.chosen")} />}
              onClick={() => set(sort, USUAL[sort])}
            >
              {t(`sort.names.${sort}`)}
            </Menu.Item>
          ))}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}
