import { ActionIcon, Alert, Text, Tooltip } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import type { Notification, WaitingMail } from "@/api/types";
import { saidFor } from "@/i18n";
import { useFormat } from "@/i18n/useFormat";
import { useAdministrators, useUser } from "@/lookups/lookups";
import { useMay } from "@/session/useSession";
import { wordsOf } from "@/shell/problemNotice";
import { Spinner } from "@/shell/Spinner";
import { download } from "@/writing/saveFile";

import classes from "./ticket.module.css";

/** What came in for the ticket by mail, and who was told of what by mail. */
export function MailTab({ ticketId }: { ticketId: string }) {
  const { t } = useTranslation();
  const params = { path: { ticket_id: ticketId } };
  const mails = useQuery({
    queryKey: ["ticket", ticketId, "mails"],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/api/intake/tickets/{ticket_id}/mails", { params, signal }))).items,
  });
  const told = useQuery({
    queryKey: ["ticket", ticketId, "notifications"],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/api/notify/tickets/{ticket_id}/notifications", { params, signal }))).items,
  });
  return (
    <div className={classes.fields}>
      <Part title={t("mail.came")} none={t("mail.noneCame")} query={mails}>
        {(mail) => <Came key={mail.id} mail={mail} />}
      </Part>
      <Part title={t("mail.told")} none={t("mail.noneTold")} query={told}>
        {(notification) => <Told key={notification.id} notification={notification} />}
      </Part>
    </div>
  );
}

interface PartProps<T> {
  title: string;
  none: string;
  query: { data: T[] | undefined; error: Error | null };
  children: (item: T) => ReactNode;
}

function Part<T>({ title, none, query, children }: PartProps<T>) {
  return (
    <section aria-label={title}>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      {query.data ? (
        query.data.length > 0 ? (
          query.data.map(children)
        ) : (
          <Text size="sm" c="dimmed">
            {none}
          </Text>
        )
      ) : query.error ? (
        <Alert color="red" variant="light" role="alert">
          {wordsOf(query.error)}
        </Alert>
      ) : (
        <Spinner size="sm" />
      )}
    </section>
  );
}

function Came({ mail }: { mail: WaitingMail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay();
  const saving = useMutation({ mutationFn: () => download(`/api/intake/mails/${mail.id}/raw`, `${mail.id}.eml`) });
  return (
    <div className={classes.entry}>
      <div className={classes.mailHead}>
        <Text span size="sm" fw={600} className={classes.otherSubject ?? ""} title={mail.subject ?? ""}>
          {mail.subject ?? t("settings.mails.noSubject")}
        </Text>
        {may("answer") && (
          <Tooltip label={t("settings.mails.raw")}>
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={`${t("settings.mails.raw")}: ${mail.subject ?? mail.id}`}
              loading={saving.isPending}
              onClick={() => saving.mutate()}
            >
              <IconDownload size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <div>{mail.sender ?? t("settings.mails.noSender")}</div>
      <Text size="xs" c="dimmed" title={format.exact(mail.received_at)}>
        {[saidFor(`mail.states.${mail.state}`), format.instant(mail.received_at)].filter(Boolean).join(" · ")}
      </Text>
    </div>
  );
}

function Told({ notification }: { notification: Notification }) {
  const format = useFormat();
  const { kind, recipient, state, requested_at, done_at, last_error } = notification;
  return (
    <div className={classes.entry}>
      <Text size="sm" fw={600}>
        <Recipient id={recipient} />
      </Text>
      <div>{saidFor(`settings.templates.kinds.${kind}`) ?? kind}</div>
      {last_error !== null && <div className={classes.failure}>{last_error}</div>}
      <Text size="xs" c="dimmed" title={format.exact(done_at ?? requested_at)}>
        {saidFor(`mail.deliveries.${state}`) ?? state} · {format.instant(done_at ?? requested_at)}
      </Text>
    </div>
  );
}

function Recipient({ id }: { id: string }) {
  const staff = useAdministrators();
  const colleague = staff.data?.find((each) => each.id === id);
  const user = useUser(staff.data && !colleague ? id : undefined);
  return colleague?.name ?? user.data?.name ?? "…";
}
