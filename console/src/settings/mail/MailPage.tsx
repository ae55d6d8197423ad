import { List, Text, Title } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { api, told } from "@/api/client";
import type { ReadMail } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { DownloadButton } from "@/shell/DownloadButton";

import { Page } from "../shared/Page";
import { Shown } from "../shared/States";
import { useThing } from "../shared/things";
import classes from "../settings.module.css";
import { AttachForm } from "./AttachForm";
import { mailPath, reasonOf } from "./mails";

/** A mail that waits: what it says, and whose it is. */
export function MailPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/staff/settings/mails/$id" });
  const query = useThing("mails", id, (wanted) =>
    told(api.GET("/api/intake/mails/{mail_id}", { params: mailPath(wanted) })),
  );
  return (
    <Shown query={query}>
      {(thing) =>
        thing && (
          <Page
            back="mails"
            title={thing.data.subject ?? t("settings.mails.noSubject")}
            actions={
              <DownloadButton label={t("settings.mails.raw")} path={`/api/intake/mails/${id}/raw`} name={`${id}.eml`} />
            }
          >
            <Content mail={thing.data} />
            <AttachForm key={id} mail={thing.data} />
          </Page>
        )
      }
    </Shown>
  );
}

/** Its text as text: nothing in it is active. */
function Content({ mail }: { mail: ReadMail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts = [
    [t("settings.mails.from"), mail.sender ?? t("settings.mails.noSender")],
    [t("settings.mails.to"), mail.recipient],
    [t("settings.mails.received"), format.instant(mail.received_at)],
    [t("settings.mails.why"), reasonOf(mail)],
  ] as const;
  return (
    <article className={classes.card} aria-label={t("settings.mails.content")}>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {mail.text === null ? (
        <Text size="sm" c="dimmed">
          {t("settings.mails.noText")}
        </Text>
      ) : (
        <Text component="div" size="sm" className={classes.mail ?? ""}>
          {mail.text}
        </Text>
      )}
      {mail.files.length > 0 && (
        <div>
          <Title order={2}>{t("writing.files")}</Title>
          <List size="sm">
            {mail.files.map((name, place) => (
              <List.Item key={place}>{name}</List.Item>
            ))}
          </List>
        </div>
      )}
    </article>
  );
}
