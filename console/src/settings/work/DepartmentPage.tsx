import { Tabs, TextInput } from "@mantine/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api, told } from "@/api/client";
import { newKey, once } from "@/api/keys";
import type { Department } from "@/api/types";
import { useAdministrators } from "@/lookups/lookups";

import { HoursTab } from "../hours/HoursTab";
import { errorWithin } from "../shared/errors";
import { Enabled, Pick, PickMany } from "../shared/fields";
import { Form } from "../shared/Form";
import { History } from "../shared/History";
import { Page } from "../shared/Page";
import { Shown } from "../shared/States";
import { onVersion, useThing } from "../shared/things";
import { useEdited } from "../shared/useEdited";
import classes from "../settings.module.css";
import { AnswerTimeTab } from "./AnswerTimeTab";

const TABS = ["team", "hours", "answers"] as const;
export type DepartmentTab = (typeof TABS)[number];
export const isDepartmentTab = (tab: unknown): tab is DepartmentTab => TABS.some((each) => each === tab);

const at = (id: string) => ({ path: { department_id: id } });

export function DepartmentPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/staff/settings/departments/$id" });
  const query = useThing("departments", id, (wanted) =>
    told(api.GET("/api/routing/departments/{department_id}", { params: at(wanted) })),
  );
  return (
    <Shown query={query}>
      {(thing) => (
        <Page back="departments" title={thing?.data.name ?? t("settings.departments.new")}>
          {thing ? <Parts department={thing.data} /> : <Fields key={id} department={null} />}
        </Page>
      )}
    </Shown>
  );
}

function Parts({ department }: { department: Department }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { tab = "team" } = useSearch({ from: "/staff/settings/departments/$id" });
  const { id } = department;
  return (
    <Tabs
      value={tab}
      keepMounted={false}
      onChange={(next) =>
        isDepartmentTab(next) &&
        void navigate({ to: "/settings/departments/$id", params: { id }, search: { tab: next }, replace: true })
      }
    >
      <Tabs.List mb="md">
        {TABS.map((each) => (
          <Tabs.Tab key={each} value={each}>
            {t(`settings.departments.tabs.${each}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="team">
        <Fields key={id} department={department} />
        <History
          section="departments"
          id={id}
          read={(cursor) =>
            answer(
              api.GET("/api/routing/departments/{department_id}/history", {
                params: { ...at(id), query: { limit: 50, ...cursor } },
              }),
            )
          }
        />
      </Tabs.Panel>
      <Tabs.Panel value="hours">
        <HoursTab departmentId={id} />
      </Tabs.Panel>
      <Tabs.Panel value="answers">
        <AnswerTimeTab departmentId={id} />
      </Tabs.Panel>
    </Tabs>
  );
}

function Fields({ department }: { department: Department | null }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const [key] = useState(newKey);
  const [spoken] = useState(i18n.language); // when one began
  const administrators = useAdministrators();
  const form = useEdited({
    name: department?.name ?? "",
    language: department?.language ?? spoken,
    head_id: department?.head_id ?? null,
    member_ids: department?.member_ids ?? [],
    enabled: department?.enabled ?? true,
  });
  return (
    <Form
      section="departments"
      form={form}
      send={(body) =>
        department
          ? answer(
              api.PATCH("/api/routing/departments/{department_id}", {
                params: { ...at(department.id), header: onVersion(department.version) },
                body,
              }),
            )
          : answer(api.POST("/api/routing/departments", { params: { header: once(key) }, body }))
      }
      onSaved={({ id }) =>
        department
          ? navigate({ to: "/settings/departments" })
          : navigate({ to: "/settings/departments/$id", params: { id }, search: { tab: "hours" } })
      }
    >
      <div className={classes.card}>
        <div className={classes.pair}>
          <TextInput required label={t("settings.name")} {...form.getInputProps("name")} />
          <TextInput
            required
            label={t("common.language")}
            description={t("settings.languageCode")}
            {...form.getInputProps("language")}
          />
        </div>
        <Pick
          clearable
          label={t("settings.departments.head")}
          description={t("settings.departments.headText")}
          choices={administrators.data}
          {...form.getInputProps("head_id")}
        />
        <PickMany
          label={t("settings.departments.memberList")}
          choices={administrators.data}
          {...form.getInputProps("member_ids")}
          error={errorWithin(form, "member_ids")}
        />
        <Enabled note={t("settings.departments.disabled")} {...form.getInputProps("enabled", { type: "checkbox" })} />
      </div>
    </Form>
  );
}
