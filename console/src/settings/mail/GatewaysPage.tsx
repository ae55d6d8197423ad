import { Badge } from "@mantine/core";
import { IconMailbox } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import type { Gateway } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { useCategories } from "@/lookups/lookups";
import { Empty } from "@/shell/Empty";

import { NewLink } from "../shared/NewLink";
import { Page } from "../shared/Page";
import { Rows } from "../shared/Rows";
import { Shown } from "../shared/States";
import { useThings } from "../shared/things";
import classes from "../settings.module.css";

export function GatewaysPage() {
  const { t } = useTranslation();
  const row = useRow();
  const query = useThings("gateways", async () => (await answer(api.GET("/api/intake/gateways"))).items);
  return (
    <Page
      title={t("settings.sections.gateways")}
      text={t("settings.gateways.text")}
      actions={<NewLink section="gateways" label={t("settings.gateways.new")} />}
    >
      <Shown query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty icon={IconMailbox} title={t("settings.gateways.empty")} text={t("settings.gateways.emptyText")} />
          ) : (
            <Rows section="gateways" label={t("settings.sections.gateways")} items={items} row={row} />
          )
        }
      </Shown>
    </Page>
  );
}

function useRow() {
  const { t } = useTranslation();
  const format = useFormat();
  const categories = useCategories();
  return ({ address, category_id, enabled, imap }: Gateway) => ({
    name: address,
    note: [
      categories.data?.find((each) => each.id === category_id)?.name,
      imap ? t("settings.gateways.readFrom", { host: imap.host }) : t("settings.gateways.by.server"),
      imap?.read_at && t("settings.gateways.readAt", { at: format.instant(imap.read_at) }),
    ]
      .filter(Boolean)
      .join(" · "),
    isOff: !enabled,
    extra: imap?.failing_since ? (
      <Badge variant="light" color="red" size="sm" className={classes.bad ?? ""}>
        {t("settings.gateways.fails")}
      </Badge>
    ) : undefined,
  });
}
