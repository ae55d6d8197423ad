import { Alert, Text, TextInput, Title } from "@mantine/core";
import { IconMailOff } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api, told } from "@/api/client";
import type { Gateway } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { useCategories, useProjects } from "@/lookups/lookups";

import { DeleteButton } from "../shared/DeleteButton";
import { Enabled, Pick } from "../shared/fields";
import { Form } from "../shared/Form";
import { Page } from "../shared/Page";
import { Shown } from "../shared/States";
import { onVersion, useThing } from "../shared/things";
import { useEdited, type Edited } from "../shared/useEdited";
import classes from "../settings.module.css";
import { bodyOf, valuesOf, type GatewayValues } from "./gateway";
import { MailboxFields } from "./MailboxFields";

const at = (id: string) => ({ path: { gateway_id: id } });

export function GatewayPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/staff/settings/gateways/$id" });
  const query = useThing("gateways", id, (wanted) =>
    told(api.GET("/api/intake/gateways/{gateway_id}", { params: at(wanted) })),
  );
  return (
    <Shown query={query}>
      {(thing) => (
        <Page back="gateways" title={thing?.data.address ?? t("settings.gateways.new")}>
          {thing && <Reading mailbox={thing.data.imap} />}
          <Fields key={id} gateway={thing?.data ?? null} />
        </Page>
      )}
    </Shown>
  );
}

/** How it goes with the mailbox. */
function Reading({ mailbox }: { mailbox: Gateway["imap"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (mailbox?.failing_since) {
    return (
      <Alert
        color="red"
        variant="light"
        icon={<IconMailOff size={18} />}
        mb="md"
        title={t("settings.gateways.failing", { since: format.instant(mailbox.failing_since) })}
        c="var(--ink)"
      >
        {mailbox.last_error}
      </Alert>
    );
  }
  if (!mailbox?.read_at) return null;
  return (
    <Text size="sm" c="dimmed" mb="sm">
      {t("settings.gateways.readAt", { at: format.instant(mailbox.read_at) })}
    </Text>
  );
}

function Fields({ gateway }: { gateway: Gateway | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const form = useEdited(valuesOf(gateway), {
    category_id: (id) => (id === null ? t("settings.needed") : null),
  });
  const leave = () => navigate({ to: "/settings/gateways", ignoreBlocker: true });
  return (
    <Form
      section="gateways"
      form={form}
      slugs={{ "gateway-address-taken": "address" }}
      send={(values) => {
        const body = bodyOf(values);
        return gateway
          ? answer(
              api.PATCH("/api/intake/gateways/{gateway_id}", {
                params: { ...at(gateway.id), header: onVersion(gateway.version) },
                body,
              }),
            )
          : answer(api.POST("/api/intake/gateways", { body }));
      }}
      onSaved={leave}
      more={
        gateway && (
          <DeleteButton
            section="gateways"
            name={gateway.address}
            text={t("settings.gateways.removeText")}
            remove={() => answer(api.DELETE("/api/intake/gateways/{gateway_id}", { params: at(gateway.id) }))}
            onDeleted={leave}
          />
        )
      }
    >
      <div className={classes.card}>
        <TextInput
          required
          type="email"
          label={t("settings.gateways.address")}
          description={t("settings.gateways.addressText")}
          {...form.getInputProps("address")}
        />
        <Opening form={form} />
        <Enabled note={t("settings.gateways.disabled")} {...form.getInputProps("enabled", { type: "checkbox" })} />
      </div>
      <MailboxFields form={form} hasPassword={gateway?.imap != null} />
    </Form>
  );
}

/** What a ticket gets of the way that its mail came in by. */
function Opening({ form }: { form: Edited<GatewayValues> }) {
  const { t } = useTranslation();
  const categories = useCategories();
  const projects = useProjects();
  return (
    <>
      <Title order={2}>{t("settings.gateways.tickets")}</Title>
      <div className={classes.pair}>
        <Pick
          required
          allowDeselect={false}
          label={t("columns.category")}
          choices={categories.data}
          {...form.getInputProps("category_id")}
        />
        <Pick
          clearable
          label={t("columns.project")}
          placeholder={t("settings.gateways.ofAccount")}
          choices={projects.data}
          {...form.getInputProps("project_id")}
        />
        <TextInput
          label={t("common.language")}
          placeholder={t("settings.gateways.unsaid")}
          description={t("settings.languageCode")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          {...form.getInputProps("language")}
        />
      </div>
    </>
  );
}
