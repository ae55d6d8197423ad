import { Badge } from "@mantine/core";
import { IconWebhook } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { Empty } from "@/shell/Empty";

import { NewLink } from "../shared/NewLink";
import { Page } from "../shared/Page";
import { Rows } from "../shared/Rows";
import { Shown } from "../shared/States";
import { useThings } from "../shared/things";

export function WebhooksPage() {
  const { t } = useTranslation();
  const query = useThings("webhooks", async () => (await answer(api.GET("/api/notify/webhooks"))).items);
  return (
    <Page
      title={t("settings.sections.webhooks")}
      text={t("settings.webhooks.text")}
      actions={<NewLink section="webhooks" label={t("settings.webhooks.new")} />}
    >
      <Shown query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty icon={IconWebhook} title={t("settings.webhooks.empty")} />
          ) : (
            <Rows
              section="webhooks"
              label={t("settings.sections.webhooks")}
              items={items}
              row={({ name, url, state, last_error }) => ({
                name,
                note: [url, state === "paused" ? last_error : null].filter(Boolean).join(" · "),
                extra: (
                  <Badge variant="default" size="sm">
                    {t(`settings.webhooks.states.${state}`)}
                  </Badge>
                ),
              })}
            />
          )
        }
      </Shown>
    </Page>
  );
}
