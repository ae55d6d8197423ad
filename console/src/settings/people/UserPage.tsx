import { Text, TextInput } from "@mantine/core";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api, told } from "@/api/client";
import { newKey, once } from "@/api/keys";
import type { User } from "@/api/types";
import { useAccount } from "@/lookups/lookups";

import { Enabled, NewPassword } from "../shared/fields";
import { Form } from "../shared/Form";
import { Page } from "../shared/Page";
import { Shown } from "../shared/States";
import { onVersion, useThing } from "../shared/things";
import { useEdited } from "../shared/useEdited";
import classes from "../settings.module.css";
import { InviteButton } from "./InviteButton";
import { AccountField } from "./AccountField";

const at = (id: string) => ({ path: { user_id: id } });

export function UserPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/staff/settings/users/$id" });
  const query = useThing("users", id, (wanted) =>
    told(api.GET("/api/accounts/users/{user_id}", { params: at(wanted) })),
  );
  return (
    <Shown query={query}>
      {(thing) => (
        <Page
          back="users"
          title={thing?.data.name ?? t("settings.users.new")}
          actions={thing && <InviteButton personId={thing.data.id} />}
        >
          {thing && <OfAccount id={thing.data.account_id} />}
          <Fields key={id} user={thing?.data ?? null} />
        </Page>
      )}
    </Shown>
  );
}

function OfAccount({ id }: { id: string }) {
  const account = useAccount(id);
  return (
    <Text size="sm" mb="sm">
      <Link to="/settings/accounts/$id" params={{ id }} search={{ tab: "users" }}>
        {account.data?.name ?? "…"}
      </Link>
    </Text>
  );
}

function Fields({ user }: { user: User | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [key] = useState(newKey);
  const { account_id } = useSearch({ from: "/staff/settings/users/$id" });
  const form = useEdited({
    account_id: user?.account_id ?? account_id ?? null,
    name: user?.name ?? "",
    email: user?.email ?? "",
    external_id: user?.external_id ?? "",
    password: "",
    enabled: user?.enabled ?? true,
  });
  const send = ({ account_id: account, password, ...values }: typeof form.values) => {
    const body = {
      ...values,
      external_id: values.external_id.trim() === "" ? null : values.external_id.trim(),
      ...(password === "" ? {} : { password }),
    };
    return user
      ? answer(
          api.PATCH("/api/accounts/users/{user_id}", {
            params: { ...at(user.id), header: onVersion(user.version) },
            body,
          }),
        )
      : answer(
          api.POST("/api/accounts/users", {
            params: { header: once(key) },
            body: { ...body, account_id: account ?? "" },
          }),
        );
  };
  return (
    <Form
      section="users"
      form={form}
      slugs={{ "email-taken": "email", "external-id-taken": "external_id" }}
      send={send}
      onSaved={(saved) =>
        navigate({ to: "/settings/accounts/$id", params: { id: saved.account_id }, search: { tab: "users" } })
      }
    >
      <div className={classes.card}>
        {!user && <AccountField required label={t("columns.account")} {...form.getInputProps("account_id")} />}
        <div className={classes.pair}>
          <TextInput required label={t("settings.name")} {...form.getInputProps("name")} />
          <TextInput required type="email" label={t("session.email")} {...form.getInputProps("email")} />
        </div>
        <div className={classes.pair}>
          <NewPassword isNew={!user} required={false} {...form.getInputProps("password")} />
          <TextInput
            label={t("settings.externalId")}
            description={t("settings.users.externalId")}
            {...form.getInputProps("external_id")}
          />
        </div>
        <Enabled note={t("settings.users.disabled")} {...form.getInputProps("enabled", { type: "checkbox" })} />
      </div>
    </Form>
  );
}
