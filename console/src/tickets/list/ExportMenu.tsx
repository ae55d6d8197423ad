import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconDownload, IconFileSpreadsheet, IconFileTypeJs } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { problemOf } from "@/api/problems";
import { send } from "@/api/send";
import { saveFile } from "@/writing/saveFile";

import { exported } from "./columnNames";
import { withFilters } from "./parameters";
import { filtersOf, sortOf, type ListSearch } from "./search";
import { useColumns } from "./useColumns";

/** The whole list as a file, in its order and with its columns. */
export function ExportMenu({ search }: { search: ListSearch }) {
  const { t } = useTranslation();
  const [shown] = useColumns(search);
  const download = useMutation({
    mutationFn: (format: "csv" | "json") =>
      fetched(
        withFilters(filtersOf(search), {
          ...sortOf(search),
          format,
          ...(format === "csv" && { columns: exported(shown) }),
        }),
      ),
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label={t("export.title")}>
          <ActionIcon variant="default" size={30} loading={download.isPending} aria-label={t("export.title")}>
            <IconDownload size={15} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFileSpreadsheet size={15} />} onClick={() => download.mutate("csv")}>
          {t("export.csv")}
        </Menu.Item>
        <Menu.Item leftSection={<IconFileTypeJs size={15} />} onClick={() => download.mutate("json")}>
          {t("export.json")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** A part of a list is never taken for all of it: a connection that is cut off fails. */
async function fetched(query: string): Promise<void> {
  const response = await send(new Request(new URL(`/api/query/tickets/export?${query}`, location.origin)));
  if (!response.ok) throw await problemOf(response);
  const named = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "");
  saveFile(await response.blob(), named?.[1] ?? "tickets");
}
