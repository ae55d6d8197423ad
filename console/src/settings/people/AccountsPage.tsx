import { Badge, Select } from "@mantine/core";
import { IconBuilding } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import type { AccountCard } from "@/api/types";
import { useGroups, useProjects } from "@/lookups/lookups";
import { Empty } from "@/shell/Empty";
import { Failed } from "@/shell/Failed";

import { Pick } from "../shared/fields";
import { NameFilter } from "../shared/NameFilter";
import { NewLink } from "../shared/NewLink";
import { Page } from "../shared/Page";
import { Rows } from "../shared/Rows";
import { ShowMore } from "../shared/ShowMore";
import { Loading } from "../shared/States";
import { usePages } from "../shared/usePages";
import classes from "../settings.module.css";
import { asked, type PeopleSearch } from "./search";

export function AccountsPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/staff/settings/accounts" });
  const { name, attitude, group_id, project_id, enabled } = search;
  const wanted = asked({ name, attitude, group_id, project_id, enabled });
  const row = useRow();
  const pages = usePages("accounts", wanted, (cursor) =>
    answer(api.GET("/api/accounts/accounts", { params: { query: { ...wanted, limit: 50, ...cursor } } })),
  );
  return (
    <Page
      title={t("settings.sections.accounts")}
      text={t("settings.accounts.text")}
      actions={<NewLink section="accounts" label={t("settings.accounts.new")} />}
    >
      <Filters search={search} />
      {pages.isLoading ? (
        <Loading />
      ) : pages.error ? (
        <Failed error={pages.error} retry={() => void pages.refetch()} />
      ) : pages.items.length === 0 ? (
        <Empty icon={IconBuilding} title={t("filters.nothingFound")} text={t("settings.accounts.empty")} />
      ) : (
        <Rows section="accounts" label={t("settings.sections.accounts")} items={pages.items} row={row} />
      )}
      <ShowMore pages={pages} />
    </Page>
  );
}

function Filters({ search }: { search: PeopleSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const groups = useGroups();
  const projects = useProjects();
  const set = (change: PeopleSearch) =>
    void navigate({ to: "/settings/accounts", search: { ...search, ...change }, replace: true });
  return (
    <div className={classes.tools}>
      <NameFilter value={search.name ?? ""} onChange={(name) => set({ name })} />
      <Select
        w={170}
        label={t("filters.attitude")}
        clearable
        value={search.attitude ?? null}
        onChange={(attitude) => set({ attitude: attitude ?? undefined })}
        data={(["good", "neutral", "bad"] as const).map((value) => ({ value, label: t(`attitude.${value}`) }))}
      />
      <Pick
        w={150}
        label={t("filters.group_id")}
        clearable
        choices={groups.data}
        value={search.group_id ?? null}
        onChange={(id) => set({ group_id: id ?? undefined })}
      />
      <Pick
        w={150}
        label={t("filters.project_id")}
        clearable
        choices={projects.data}
        value={search.project_id ?? null}
        onChange={(id) => set({ project_id: id ?? undefined })}
      />
    </div>
  );
}

function useRow() {
  const { t } = useTranslation();
  const groups = useGroups();
  const projects = useProjects();
  return ({ name, external_id, group_id, project_id, attitude, enabled, services = [] }: AccountCard) => ({
    name,
    note: [
      external_id,
      groups.data?.find((each) => each.id === group_id)?.name,
      projects.data?.find((each) => each.id === project_id)?.name,
      services.length > 0 ? t("account.services", { count: services.length }) : null,
    ]
      .filter(Boolean)
      .join(" · "),
    isOff: enabled === false,
    extra:
      attitude === "good" || attitude === "bad" ? (
        <Badge
          variant="light"
          color={attitude === "good" ? "green" : "red"}
          size="sm"
          className={classes[attitude] ?? ""}
        >
          {t(`attitude.${attitude}`)}
        </Badge>
      ) : undefined,
  });
}
