import { SegmentedControl, Title } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { newKey, once } from "@/api/keys";
import type { ReadMail } from "@/api/types";
import { useOpenCategories, useUser } from "@/lookups/lookups";

import { UserField } from "../people/UserField";
import { DeleteButton } from "../shared/DeleteButton";
import { Pick } from "../shared/fields";
import { Form } from "../shared/Form";
import { useEdited, type Edited } from "../shared/useEdited";
import classes from "../settings.module.css";
import { mailPath } from "./mails";
import { TicketField } from "./TicketField";

interface Values {
  user_id: string | null;
  isReply: boolean;
  ticket_id: string | null;
  category_id: string | null;
}

/** Whose a mail is: it becomes their new ticket, or a message on one of their account's. Or nobody's. */
export function AttachForm({ mail }: { mail: ReadMail }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [key] = useState(newKey);
  const form = useEdited<Values>(
    { user_id: mail.user_id, isReply: false, ticket_id: null, category_id: null },
    {
      user_id: (id) => (id === null ? t("settings.needed") : null),
      ticket_id: (id, { isReply }) => (isReply && id === null ? t("settings.needed") : null),
    },
  );
  const leave = () => navigate({ to: "/settings/mails", ignoreBlocker: true });
  return (
    <Form
      section="mails"
      form={form}
      submit={t("settings.mails.attach")}
      send={({ user_id, isReply, ticket_id, category_id }) =>
        answer(
          api.POST("/api/intake/mails/{mail_id}/attach", {
            params: { ...mailPath(mail.id), header: once(key) },
            body: { user_id: user_id ?? "", ...(isReply ? { ticket_id } : { category_id }) },
          }),
        )
      }
      saved={({ number }) => t(form.values.isReply ? "settings.mails.attached" : "settings.mails.opened", { number })}
      onSaved={leave}
      more={
        <DeleteButton
          section="mails"
          name={mail.subject ?? t("settings.mails.noSubject")}
          label={t("settings.mails.discard")}
          text={t("settings.mails.discardText")}
          remove={() => answer(api.DELETE("/api/intake/mails/{mail_id}", { params: mailPath(mail.id) }))}
          onDeleted={leave}
        />
      }
    >
      <div className={classes.card}>
        <Title order={2}>{t("settings.mails.whose")}</Title>
        <UserField required label={t("columns.user")} {...form.getInputProps("user_id")} />
        <SegmentedControl
          aria-label={t("settings.mails.becomes")}
          value={form.values.isReply ? "reply" : "ticket"}
          onChange={(wanted) => form.setFieldValue("isReply", wanted === "reply")}
          data={(["ticket", "reply"] as const).map((value) => ({ value, label: t(`settings.mails.as.${value}`) }))}
        />
        <Where form={form} />
      </div>
    </Form>
  );
}

function Where({ form }: { form: Edited<Values> }) {
  const { t } = useTranslation();
  const account = useUser(form.values.user_id ?? undefined).data?.account_id;
  const categories = useOpenCategories(account);
  if (form.values.isReply) {
    return <TicketField account={account} label={t("overview.ticket")} {...form.getInputProps("ticket_id")} />;
  }
  return (
    <Pick
      clearable
      label={t("columns.category")}
      placeholder={t("settings.mails.ofGateway")}
      choices={categories.data}
      {...form.getInputProps("category_id")}
    />
  );
}
