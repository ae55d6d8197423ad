import { Checkbox, Radio, Stack, TextInput } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api, told } from "@/api/client";
import { newKey, once } from "@/api/keys";
import type { Administrator, Role } from "@/api/types";
import { useIdentity, type Right } from "@/session/useSession";

import { Enabled, NewPassword } from "../shared/fields";
import { Form } from "../shared/Form";
import { Page } from "../shared/Page";
import { Shown } from "../shared/States";
import { onVersion, useThing } from "../shared/things";
import { useEdited } from "../shared/useEdited";
import classes from "../settings.module.css";
import { InviteButton } from "./InviteButton";

const ROLES: readonly Role[] = ["owner", "manager", "agent", "observer"];
/** Reading is a role's alone to give. */
const RIGHTS: readonly Exclude<Right, "read">[] = [
  "answer",
  "assign",
  "unblock",
  "delete",
  "act_as",
  "manage_people",
  "manage_settings",
];

const at = (id: string) => ({ path: { administrator_id: id } });

export function AdministratorPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/staff/settings/administrators/$id" });
  const query = useThing("administrators", id, (wanted) =>
    told(api.GET("/api/accounts/administrators/{administrator_id}", { params: at(wanted) })),
  );
  return (
    <Shown query={query}>
      {(thing) => (
        <Page
          back="administrators"
          title={thing?.data.name ?? t("settings.administrators.new")}
          actions={thing && <InviteButton personId={thing.data.id} />}
        >
          <Fields key={id} administrator={thing?.data ?? null} />
        </Page>
      )}
    </Shown>
  );
}

function Fields({ administrator }: { administrator: Administrator | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [key] = useState(newKey);
  const form = useEdited({
    name: administrator?.name ?? "",
    email: administrator?.email ?? "",
    password: "",
    role: administrator?.role ?? "agent",
    rights: administrator?.rights ?? [],
    enabled: administrator?.enabled ?? true,
  });
  const send = ({ password, ...values }: typeof form.values) =>
    administrator
      ? answer(
          api.PATCH("/api/accounts/administrators/{administrator_id}", {
            params: { ...at(administrator.id), header: onVersion(administrator.version) },
            body: { ...values, ...(password === "" ? {} : { password }) },
          }),
        )
      : answer(
          api.POST("/api/accounts/administrators", { params: { header: once(key) }, body: { ...values, password } }),
        );
  return (
    <Form
      section="administrators"
      form={form}
      slugs={{ "email-taken": "email", "above-own-rights": "rights", "last-owner": "role", "own-access": "enabled" }}
      send={send}
      onSaved={() => navigate({ to: "/settings/administrators" })}
    >
      <div className={classes.card}>
        <div className={classes.pair}>
          <TextInput required label={t("settings.name")} {...form.getInputProps("name")} />
          <TextInput required type="email" label={t("session.email")} {...form.getInputProps("email")} />
        </div>
        <NewPassword isNew={!administrator} required={!administrator} {...form.getInputProps("password")} />
      </div>
      <div className={classes.card}>
        <RoleField {...form.getInputProps("role")} present={administrator?.role} />
        <RightsField {...form.getInputProps("rights")} />
        <Enabled
          note={t("settings.administrators.disabled")}
          {...form.getInputProps("enabled", { type: "checkbox" })}
        />
      </div>
    </Form>
  );
}

/** Nobody makes somebody who may do more than they themselves: such roles are not offered. */
function RoleField({ present, ...rest }: { present: Role | undefined }) {
  const { t } = useTranslation();
  const me = useIdentity();
  const offered = ROLES.filter((role) => role !== "owner" || me.role === "owner" || present === "owner");
  return (
    <Radio.Group label={t("settings.administrators.role")} {...rest}>
      <Stack gap={8} mt={8}>
        {offered.map((role) => (
          <Radio key={role} value={role} label={t(`roles.${role}`)} description={t(`settings.roleTexts.${role}`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function RightsField({ value = [], ...rest }: { value?: Right[] }) {
  const { t } = useTranslation();
  const mine = useIdentity().rights ?? [];
  const offered = RIGHTS.filter((right) => mine.includes(right) || value.includes(right));
  return (
    <Checkbox.Group
      label={t("settings.administrators.rights")}
      description={t("settings.administrators.rightsText")}
      value={value}
      {...rest}
    >
      <div className={classes.pair}>
        {offered.map((right) => (
          <Checkbox key={right} mt={8} value={right} label={t(`settings.rights.${right}`)} />
        ))}
      </div>
    </Checkbox.Group>
  );
}
