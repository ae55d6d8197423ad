import { Badge, Button, Group, Title } from "@mantine/core";
import { IconCircleCheck, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { ParkedEvent } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { showDone } from "@/shell/problemNotice";

import { Page } from "../shared/Page";
import { RowText } from "../shared/Rows";
import { Shown } from "../shared/States";
import classes from "../settings.module.css";
import { listParked, retryParked, SERVICES, type Service } from "./parked";

const EVERY_MILLISECONDS = 10_000;

export function ParkedPage() {
  const { t } = useTranslation();
  return (
    <Page title={t("settings.sections.parked")} text={t("settings.parked.text")}>
      {SERVICES.map((service) => (
        <OfService key={service} service={service} />
      ))}
    </Page>
  );
}

function OfService({ service }: { service: Service }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["settings", "parked", service],
    queryFn: () => listParked(service),
    refetchInterval: EVERY_MILLISECONDS,
  });
  return (
    <section className={classes.card} aria-label={t(`settings.parked.services.${service}`)}>
      <Group justify="space-between">
        <Title order={2}>{t(`settings.parked.services.${service}`)}</Title>
        {query.data && query.data.length > 0 && (
          <Retry service={service} label={t("settings.parked.retryAll", { count: query.data.length })} />
        )}
      </Group>
      <Shown query={query}>
        {(events) =>
          events.length === 0 ? (
            <Group gap="xs" c="dimmed" fz="sm">
              <IconCircleCheck size={18} aria-hidden /> {t("settings.parked.none")}
            </Group>
          ) : (
            <Events service={service} events={events} />
          )
        }
      </Shown>
    </section>
  );
}

function Events({ service, events }: { service: Service; events: ParkedEvent[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ul className={classes.list}>
      {events.map((event) => (
        <li key={`${event.source} ${event.position}`}>
          <div className={classes.row}>
            <RowText
              name={event.type}
              note={`${event.error ?? t("settings.parked.behind")} · ${event.source} ${event.position} · ${format.instant(event.parked_at)}`}
              extra={
                event.error === null ? (
                  <Badge variant="default" size="sm">
                    {t("settings.parked.waits")}
                  </Badge>
                ) : (
                  <Retry service={service} entity={event.entity} label={t("common.retry")} />
                )
              }
            />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Retry({ service, entity, label }: { service: Service; entity?: string; label: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const retrying = useMutation({
    mutationFn: () => retryParked(service, entity),
    onSuccess: async ({ events }) => {
      showDone(t("settings.parked.retried", { count: events }));
      await queries.invalidateQueries({ queryKey: ["settings", "parked", service] });
    },
  });
  return (
    <Button
      size="xs"
      variant="light"
      leftSection={<IconRefresh size={14} aria-hidden />}
      loading={retrying.isPending}
      onClick={() => retrying.mutate()}
    >
      {label}
    </Button>
  );
}
