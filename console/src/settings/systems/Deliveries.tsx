import { Badge, Button, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { useFormat } from "@/i18n/useFormat";

import { RowText } from "../shared/Rows";
import { ShowMore } from "../shared/ShowMore";
import { usePages } from "../shared/usePages";
import classes from "../settings.module.css";

/** What was sent to a webhook, and what became of it. */
export function Deliveries({ webhookId }: { webhookId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const path = { webhook_id: webhookId };
  const pages = usePages("webhooks", { webhookId }, (cursor) =>
    answer(
      api.GET("/api/notify/webhooks/{webhook_id}/deliveries", { params: { path, query: { limit: 20, ...cursor } } }),
    ),
  );
  const { mutate } = useMutation({
    mutationFn: (number: number) =>
      answer(api.POST("/api/notify/webhooks/{webhook_id}/replay", { params: { path }, body: { number } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["settings", "webhooks", "pages"] }),
  });
  if (pages.items.length === 0) return null;
  return (
    <section aria-label={t("settings.webhooks.deliveries")}>
      <Title order={2} mt="lg" mb="xs">
        {t("settings.webhooks.deliveries")}
      </Title>
      <ul className={classes.list}>
        {pages.items.map((each) => (
          <li key={each.number}>
            <div className={classes.row}>
              <RowText
                name={each.type}
                note={[format.instant(each.queued_at), each.status, each.error].filter(Boolean).join(" · ")}
                extra={
                  <>
                    <Badge variant="default" size="sm">
                      {t(`settings.webhooks.delivery.${each.state}`)}
                    </Badge>
                    {each.state !== "pending" && (
                      <Button size="compact-xs" variant="subtle" onClick={() => mutate(each.number)}>
                        {t("settings.webhooks.again")}
                      </Button>
                    )}
                  </>
                }
              />
            </div>
          </li>
        ))}
      </ul>
      <ShowMore pages={pages} />
    </section>
  );
}
