import { Select } from "@mantine/core";
import { IconAddressBook } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { Empty } from "@/shell/Empty";
import { Failed } from "@/shell/Failed";

import { NameFilter } from "../shared/NameFilter";
import { Page } from "../shared/Page";
import { Rows } from "../shared/Rows";
import { ShowMore } from "../shared/ShowMore";
import { Loading } from "../shared/States";
import { usePages } from "../shared/usePages";
import classes from "../settings.module.css";
import { asked, type PeopleSearch } from "./search";

export function UsersPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { name, enabled } = useSearch({ from: "/staff/settings/users" });
  const wanted = asked({ name, enabled });
  const pages = usePages("users", wanted, (cursor) =>
    answer(api.GET("/api/accounts/users", { params: { query: { ...wanted, limit: 50, ...cursor } } })),
  );
  const set = (change: PeopleSearch) =>
    void navigate({ to: "/settings/users", search: { name, enabled, ...change }, replace: true });
  return (
    <Page title={t("settings.sections.users")} text={t("settings.users.text")}>
      <div className={classes.tools}>
        <NameFilter value={name ?? ""} onChange={(next) => set({ name: next })} />
        <Select
          w={170}
          label={t("filters.state")}
          clearable
          value={enabled === undefined ? null : String(enabled)}
          onChange={(next) => set({ enabled: next === null ? undefined : next === "true" })}
          data={[
            { value: "true", label: t("settings.enabled") },
            { value: "false", label: t("settings.off") },
          ]}
        />
      </div>
      {pages.isLoading ? (
        <Loading />
      ) : pages.error ? (
        <Failed error={pages.error} retry={() => void pages.refetch()} />
      ) : pages.items.length === 0 ? (
        <Empty icon={IconAddressBook} title={t("filters.nothingFound")} text={t("settings.users.noneText")} />
      ) : (
        <Rows
          section="users"
          label={t("settings.sections.users")}
          items={pages.items}
          row={(user) => ({ name: user.name, note: user.email, isOff: user.enabled === false })}
        />
      )}
      <ShowMore pages={pages} />
    </Page>
  );
}
