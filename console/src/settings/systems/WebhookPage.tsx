import { Button, Switch, TagsInput, TextInput } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api, told } from "@/api/client";
import type { Webhook } from "@/api/types";
import { showDone } from "@/shell/problemNotice";

import { DeleteButton } from "../shared/DeleteButton";
import { errorWithin } from "../shared/errors";
import { Form } from "../shared/Form";
import { Page } from "../shared/Page";
import { SecretShown } from "../shared/SecretShown";
import { Shown } from "../shared/States";
import { onVersion, useThing } from "../shared/things";
import { useEdited } from "../shared/useEdited";
import classes from "../settings.module.css";
import { Deliveries } from "./Deliveries";

/** The ones asked for most; every other type may be typed in. */
const OFTEN = [
  "ticket.opened.v1",
  "ticket.replied.v1",
  "ticket.closed.v1",
  "ticket.reopened.v1",
  "ticket.assigned.v1",
  "ticket.deadline_breached.v1",
];

const at = (id: string) => ({ path: { webhook_id: id } });

export function WebhookPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/staff/settings/webhooks/$id" });
  const query = useThing("webhooks", id, (wanted) =>
    told(api.GET("/api/notify/webhooks/{webhook_id}", { params: at(wanted) })),
  );
  return (
    <Shown query={query}>
      {(thing) => (
        <Page
          back="webhooks"
          title={thing?.data.name ?? t("settings.webhooks.new")}
          actions={thing && <TestButton id={thing.data.id} />}
        >
          <Fields key={id} webhook={thing?.data ?? null} />
          {thing && <Deliveries webhookId={thing.data.id} />}
        </Page>
      )}
    </Shown>
  );
}

function Fields({ webhook }: { webhook: Webhook | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [secret, setSecret] = useState<string | null>(null);
  const form = useEdited({
    name: webhook?.name ?? "",
    url: webhook?.url ?? "https://",
    types: webhook?.types ?? [],
    isActive: webhook ? webhook.state === "active" : true,
  });
  if (secret !== null) return <SecretShown secret={secret} text={t("settings.webhooks.once")} back="webhooks" />;
  const leave = () => navigate({ to: "/settings/webhooks", ignoreBlocker: true });
  return (
    <Form
      section="webhooks"
      form={form}
      send={({ isActive, ...body }) =>
        webhook
          ? answer(
              api.PATCH("/api/notify/webhooks/{webhook_id}", {
                params: { ...at(webhook.id), header: onVersion(webhook.version) },
                body: { ...body, state: isActive ? "active" : "disabled" },
              }),
            )
          : answer(api.POST("/api/notify/webhooks", { body }))
      }
      onSaved={(saved) => (saved.secret != null ? setSecret(saved.secret) : leave())}
      more={
        webhook && (
          <DeleteButton
            section="webhooks"
            name={webhook.name}
            remove={() => answer(api.DELETE("/api/notify/webhooks/{webhook_id}", { params: at(webhook.id) }))}
            onDeleted={leave}
          />
        )
      }
    >
      <div className={classes.card}>
        <div className={classes.pair}>
          <TextInput required label={t("settings.name")} {...form.getInputProps("name")} />
          <TextInput required type="url" label={t("settings.webhooks.url")} {...form.getInputProps("url")} />
        </div>
        <TagsInput
          required
          data={OFTEN}
          label={t("settings.webhooks.types")}
          description={t("settings.webhooks.typesText")}
          {...form.getInputProps("types")}
          error={errorWithin(form, "types")}
        />
        {webhook && <Switch label={t("settings.enabled")} {...form.getInputProps("isActive", { type: "checkbox" })} />}
      </div>
    </Form>
  );
}

function TestButton({ id }: { id: string }) {
  const { t } = useTranslation();
  const testing = useMutation({
    mutationFn: () => answer(api.POST("/api/notify/webhooks/{webhook_id}/test", { params: at(id) })),
    onSuccess: ({ delivered, status, error }) =>
      showDone(
        delivered
          ? t("settings.webhooks.delivered")
          : t("settings.webhooks.undelivered", { why: error ?? String(status ?? "") }),
      ),
  });
  return (
    <Button
      variant="default"
      leftSection={<IconSend size={16} aria-hidden />}
      loading={testing.isPending}
      onClick={() => testing.mutate()}
    >
      {t("settings.webhooks.test")}
    </Button>
  );
}
