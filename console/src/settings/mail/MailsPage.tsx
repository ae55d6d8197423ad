import { Badge } from "@mantine/core";
import { IconMailCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import type { WaitingMail } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { Empty } from "@/shell/Empty";
import { Failed } from "@/shell/Failed";

import { Page } from "../shared/Page";
import { Rows } from "../shared/Rows";
import { ShowMore } from "../shared/ShowMore";
import { Loading } from "../shared/States";
import { usePages } from "../shared/usePages";
import { reasonOf } from "./mails";

export function MailsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const pages = usePages("mails", {}, (cursor) =>
    answer(api.GET("/api/intake/mails", { params: { query: { limit: 50, ...cursor } } })),
  );
  const row = (mail: WaitingMail) => ({
    name: mail.subject ?? t("settings.mails.noSubject"),
    note: [mail.sender ?? t("settings.mails.noSender"), reasonOf(mail), format.instant(mail.received_at)].join(" · "),
    extra:
      mail.state === "broken" ? (
        <Badge variant="default" size="sm">
          {t("settings.mails.unreadable")}
        </Badge>
      ) : undefined,
  });
  return (
    <Page title={t("settings.sections.mails")} text={t("settings.mails.text")}>
      {pages.isLoading ? (
        <Loading />
      ) : pages.error ? (
        <Failed error={pages.error} retry={() => void pages.refetch()} />
      ) : pages.items.length === 0 ? (
        <Empty icon={IconMailCheck} title={t("settings.mails.empty")} text={t("settings.mails.emptyText")} />
      ) : (
        <Rows section="mails" label={t("settings.sections.mails")} items={pages.items} row={row} />
      )}
      <ShowMore pages={pages} />
    </Page>
  );
}
