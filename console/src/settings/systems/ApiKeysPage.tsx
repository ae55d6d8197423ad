import { Badge } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import type { ApiKey } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { Empty } from "@/shell/Empty";
import { Failed } from "@/shell/Failed";

import { NewLink } from "../shared/NewLink";
import { Page } from "../shared/Page";
import { Rows } from "../shared/Rows";
import { ShowMore } from "../shared/ShowMore";
import { Loading } from "../shared/States";
import { usePages } from "../shared/usePages";

export function ApiKeysPage() {
  const { t } = useTranslation();
  const row = useRow();
  const pages = usePages("api-keys", {}, (cursor) =>
    answer(api.GET("/api/accounts/api-keys", { params: { query: { limit: 50, ...cursor } } })),
  );
  return (
    <Page
      title={t("settings.sections.api-keys")}
      text={t("settings.keys.text")}
      actions={<NewLink section="api-keys" label={t("settings.keys.new")} />}
    >
      {pages.isLoading ? (
        <Loading />
      ) : pages.error ? (
        <Failed error={pages.error} retry={() => void pages.refetch()} />
      ) : pages.items.length === 0 ? (
        <Empty icon={IconKey} title={t("settings.keys.empty")} />
      ) : (
        <Rows section="api-keys" label={t("settings.sections.api-keys")} items={pages.items} row={row} />
      )}
      <ShowMore pages={pages} />
    </Page>
  );
}

function useRow() {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ name, scopes, last_used_at, expires_at, revoked }: ApiKey) => ({
    name,
    note: [
      scopes.join(", "),
      last_used_at ? t("settings.keys.used", { at: format.instant(last_used_at) }) : t("settings.keys.unused"),
      expires_at && t("settings.keys.until", { at: format.instant(expires_at) }),
    ]
      .filter(Boolean)
      .join(" · "),
    extra: revoked ? (
      <Badge variant="default" size="sm">
        {t("settings.keys.revoked")}
      </Badge>
    ) : undefined,
  });
}
