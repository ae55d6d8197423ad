import { Checkbox, TextInput } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api, told } from "@/api/client";
import type { ApiKey, Scope } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { useMay } from "@/session/useSession";

import { DeleteButton } from "../shared/DeleteButton";
import { errorWithin } from "../shared/errors";
import { Form } from "../shared/Form";
import { Page } from "../shared/Page";
import { SecretShown } from "../shared/SecretShown";
import { Shown } from "../shared/States";
import { useThing } from "../shared/things";
import { Figures } from "../shared/TrialPanel";
import { useEdited } from "../shared/useEdited";
import classes from "../settings.module.css";

const SCOPES: readonly Scope[] = [
  "tickets:submit",
  "tickets:read",
  "people:read",
  "people:write",
  "routing:read",
  "routing:write",
  "log:read",
  "operate",
];

const at = (id: string) => ({ path: { key_id: id } });

export function ApiKeyPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/staff/settings/api-keys/$id" });
  const query = useThing("api-keys", id, (wanted) =>
    told(api.GET("/api/accounts/api-keys/{key_id}", { params: at(wanted) })),
  );
  return (
    <Shown query={query}>
      {(thing) => (
        <Page back="api-keys" title={thing?.data.name ?? t("settings.keys.new")}>
          {thing ? <Present apiKey={thing.data} /> : <NewKey />}
        </Page>
      )}
    </Shown>
  );
}

function Present({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const { id, name, scopes, last_used_at, expires_at, revoked } = apiKey;
  return (
    <div className={classes.card}>
      <Figures
        figures={[
          [t("settings.keys.scopes"), scopes.join(", ")],
          [t("settings.keys.lastUsed"), last_used_at ? format.instant(last_used_at) : t("settings.keys.unused")],
          [t("settings.keys.expires"), expires_at ? format.instant(expires_at) : t("settings.keys.never")],
          [t("filters.state"), revoked ? t("settings.keys.revoked") : t("settings.enabled")],
        ]}
      />
      {!revoked && (
        <DeleteButton
          section="api-keys"
          name={name}
          label={t("settings.keys.revoke")}
          text={t("settings.keys.revokeText")}
          remove={() => answer(api.DELETE("/api/accounts/api-keys/{key_id}", { params: at(id) }))}
          onDeleted={() => navigate({ to: "/settings/api-keys" })}
        />
      )}
    </div>
  );
}

/** The key is on this page until one leaves it, and never again. */
function NewKey() {
  const { t } = useTranslation();
  const may = useMay();
  const [shown, setShown] = useState<string | null>(null);
  const form = useEdited({ name: "", scopes: [] as Scope[], expires_on: "" });
  if (shown !== null) return <SecretShown secret={shown} text={t("settings.keys.once")} back="api-keys" />;
  const offered = SCOPES.filter((scope) => scope !== "people:write" || may("manage_people"));
  return (
    <Form
      section="api-keys"
      form={form}
      submit={t("settings.keys.make")}
      slugs={{ "above-own-rights": "scopes" }}
      send={({ name, scopes, expires_on }) =>
        answer(
          api.POST("/api/accounts/api-keys", {
            body: {
              name,
              scopes,
              expires_at: expires_on === "" ? null : new Date(`${expires_on}T00:00`).toISOString(),
            },
          }),
        )
      }
      onSaved={({ key }) => setShown(key)}
    >
      <div className={classes.card}>
        <div className={classes.pair}>
          <TextInput required label={t("settings.name")} {...form.getInputProps("name")} />
          <TextInput
            type="date"
            label={t("settings.keys.expires")}
            description={t("settings.keys.expiresText")}
            {...form.getInputProps("expires_on")}
            error={form.errors.expires_on ?? form.errors.expires_at}
          />
        </div>
        <Checkbox.Group
          label={t("settings.keys.scopes")}
          {...form.getInputProps("scopes")}
          error={errorWithin(form, "scopes")}
        >
          {offered.map((scope) => (
            <Checkbox
              key={scope}
              mt={8}
              value={scope}
              label={scope}
              description={t(`settings.scopes.${slug(scope)}`)}
            />
          ))}
        </Checkbox.Group>
      </div>
    </Form>
  );
}

type Slug<S extends string> = S extends `${infer A}:${infer B}` ? `${A}_${B}` : S;

/** As messages name it. */
const slug = <S extends Scope>(scope: S) => scope.replace(":", "_") as Slug<S>;
