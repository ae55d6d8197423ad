import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconDownload, IconFileSpreadsheet, IconFileTypeJs } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { asOf } from "@/tickets/past/usePast";
import { download } from "@/writing/saveFile";

import { exported } from "./columnNames";
import { withFilters } from "./parameters";
import { filtersOf, sortOf, type ListSearch } from "./search";
import { useColumns } from "./useColumns";

/** The whole list as a file, in its order and with its columns. */
export function ExportMenu({ search }: { search: ListSearch }) {
  const { t } = useTranslation();
  const [shown] = useColumns(search);
  const exporting = useMutation({
    mutationFn: (format: "csv" | "json") => {
      const how = {
        ...sortOf(search),
        ...asOf(search.as_of),
        format,
        ...(format === "csv" && { columns: exported(shown) }),
      };
      return download(`/api/query/tickets/export?${withFilters(filtersOf(search), how)}`, "tickets");
    },
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label={t("export.title")}>
          <ActionIcon variant="default" size={30} loading={exporting.isPending} aria-label={t("export.title")}>
            <IconDownload size={15} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFileSpreadsheet size={15} />} onClick={() => exporting.mutate("csv")}>
          {t("export.csv")}
        </Menu.Item>
        <Menu.Item leftSection={<IconFileTypeJs size={15} />} onClick={() => exporting.mutate("json")}>
          {t("export.json")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
