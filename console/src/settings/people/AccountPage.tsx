import { Select, Tabs, Textarea, TextInput } from "@mantine/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api, told } from "@/api/client";
import { newKey, once } from "@/api/keys";
import type { AccountCard, Attitude } from "@/api/types";
import { useGroups, useProjects } from "@/lookups/lookups";

import { Enabled, Pick } from "../shared/fields";
import { Form } from "../shared/Form";
import { Page } from "../shared/Page";
import { Shown } from "../shared/States";
import { onVersion, useThing } from "../shared/things";
import { useEdited } from "../shared/useEdited";
import classes from "../settings.module.css";
import { AccountData } from "./AccountData";
import { AccountUsers } from "./AccountUsers";
import { ServicesField } from "./ServicesField";

const at = (id: string) => ({ path: { account_id: id } });

export function AccountPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/staff/settings/accounts/$id" });
  const query = useThing("accounts", id, (wanted) =>
    told(api.GET("/api/accounts/accounts/{account_id}", { params: at(wanted) })),
  );
  return (
    <Shown query={query}>
      {(thing) => (
        <Page back="accounts" title={thing?.data.name ?? t("settings.accounts.new")}>
          {thing ? <Parts account={thing.data} /> : <Fields key={id} account={null} />}
        </Page>
      )}
    </Shown>
  );
}

function Parts({ account }: { account: AccountCard }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { tab = "account" } = useSearch({ from: "/staff/settings/accounts/$id" });
  return (
    <Tabs
      value={tab}
      keepMounted={false}
      onChange={(next) =>
        void navigate({
          to: "/settings/accounts/$id",
          params: { id: account.id },
          search: next === "users" || next === "data" ? { tab: next } : {},
          replace: true,
        })
      }
    >
      <Tabs.List mb="md">
        <Tabs.Tab value="account">{t("columns.account")}</Tabs.Tab>
        <Tabs.Tab value="users">{t("settings.sections.users")}</Tabs.Tab>
        <Tabs.Tab value="data">{t("settings.data.tab")}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="account">
        <Fields key={account.id} account={account} />
      </Tabs.Panel>
      <Tabs.Panel value="users">
        <AccountUsers accountId={account.id} />
      </Tabs.Panel>
      <Tabs.Panel value="data">
        <AccountData account={account} />
      </Tabs.Panel>
    </Tabs>
  );
}

function Fields({ account }: { account: AccountCard | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [key] = useState(newKey);
  const groups = useGroups();
  const projects = useProjects();
  const form = useEdited(valuesOf(account));
  return (
    <Form
      section="accounts"
      form={form}
      slugs={{ "external-id-taken": "external_id" }}
      send={(values) => {
        const body = bodyOf(values);
        return account
          ? answer(
              api.PATCH("/api/accounts/accounts/{account_id}", {
                params: { ...at(account.id), header: onVersion(account.version) },
                body,
              }),
            )
          : answer(api.POST("/api/accounts/accounts", { params: { header: once(key) }, body }));
      }}
      onSaved={({ id }) =>
        account
          ? navigate({ to: "/settings/accounts" })
          : navigate({ to: "/settings/accounts/$id", params: { id }, search: { tab: "users" } })
      }
    >
      <div className={classes.card}>
        <div className={classes.pair}>
          <TextInput required label={t("settings.name")} {...form.getInputProps("name")} />
          <TextInput
            label={t("settings.externalId")}
            description={t("settings.accounts.externalId")}
            {...form.getInputProps("external_id")}
          />
        </div>
        <div className={classes.pair}>
          <Select
            label={t("filters.attitude")}
            allowDeselect={false}
            data={(["good", "neutral", "bad"] as const).map((value) => ({ value, label: t(`attitude.${value}`) }))}
            {...form.getInputProps("attitude")}
          />
          <Pick label={t("filters.group_id")} clearable choices={groups.data} {...form.getInputProps("group_id")} />
          <Pick
            label={t("filters.project_id")}
            clearable
            choices={projects.data}
            {...form.getInputProps("project_id")}
          />
        </div>
        <ServicesField form={form} />
        <div className={classes.pair}>
          <TextInput inputMode="decimal" label={t("account.balance")} {...form.getInputProps("balance")} />
          <TextInput type="date" label={t("account.since")} {...form.getInputProps("registered_on")} />
        </div>
        <Textarea
          autosize
          minRows={2}
          label={t("settings.comment")}
          description={t("settings.accounts.comment")}
          {...form.getInputProps("comment")}
        />
        <Enabled note={t("settings.accounts.disabled")} {...form.getInputProps("enabled", { type: "checkbox" })} />
      </div>
    </Form>
  );
}

export interface AccountValues {
  name: string;
  external_id: string;
  attitude: Attitude;
  group_id: string | null;
  project_id: string | null;
  services: { product_type: string; price: string }[];
  balance: string;
  registered_on: string;
  comment: string;
  enabled: boolean;
}

function valuesOf(account: AccountCard | null): AccountValues {
  return {
    name: account?.name ?? "",
    external_id: account?.external_id ?? "",
    attitude: account?.attitude ?? "neutral",
    group_id: account?.group_id ?? null,
    project_id: account?.project_id ?? null,
    services: account?.services ?? [],
    balance: account?.balance ?? "",
    registered_on: account?.registered_on ?? "",
    comment: account?.comment ?? "",
    enabled: account?.enabled ?? true,
  };
}

const orNull = (text: string) => (text.trim() === "" ? null : text.trim());

function bodyOf(values: AccountValues) {
  return {
    ...values,
    name: values.name.trim(),
    external_id: orNull(values.external_id),
    balance: orNull(values.balance),
    registered_on: orNull(values.registered_on),
    comment: orNull(values.comment),
  };
}
