import { Button, Group, Progress, Text, Title } from "@mantine/core";
import { IconRefreshDot } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { once } from "@/api/keys";
import type { Rejudgement } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { SureButton } from "@/shell/SureButton";

import classes from "../settings.module.css";
import { Shown } from "./States";

const WHILE_RUNNING_MILLISECONDS = 1_000;
const queryKey = ["settings", "rejudgements"];

/** Rules are for new tickets; here those that are open are judged by them, too. */
export function Rejudging() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey,
    queryFn: async () => (await answer(api.GET("/api/routing/rejudgements"))).items[0] ?? null,
    refetchInterval: ({ state }) => (state.data?.state === "running" ? WHILE_RUNNING_MILLISECONDS : false),
  });
  const show = (run: Rejudgement) => queries.setQueryData(queryKey, run);
  return (
    <section className={classes.card} aria-label={t("settings.rejudging.title")}>
      <div>
        <Title order={2}>{t("settings.rejudging.title")}</Title>
        <Text size="sm" c="dimmed">
          {t("settings.rejudging.text")}
        </Text>
      </div>
      <Shown query={query}>
        {(run) => (
          <>
            {run && <Progressing run={run} onStopped={show} />}
            {run?.state !== "running" && (
              <Group>
                <SureButton
                  variant="light"
                  color="brand"
                  leftSection={<IconRefreshDot size={16} aria-hidden />}
                  label={t("settings.rejudging.start")}
                  title={t("settings.rejudging.title")}
                  text={t("settings.rejudging.sure")}
                  run={() => answer(api.POST("/api/routing/rejudgements", { params: { header: once() } }))}
                  onDone={(begun) => void show(begun)}
                />
              </Group>
            )}
          </>
        )}
      </Shown>
    </section>
  );
}

function Progressing({ run, onStopped }: { run: Rejudgement; onStopped: (run: Rejudgement) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const stopping = useMutation({
    mutationFn: () =>
      answer(
        api.DELETE("/api/routing/rejudgements/{rejudgement_id}", { params: { path: { rejudgement_id: run.id } } }),
      ),
    onSuccess: onStopped,
  });
  const { state, done, changed } = run;
  const total = Math.max(run.total, done); // tickets may have come in meanwhile
  const figures = { done: format.number(done), total: format.number(total), changed: format.number(changed) };
  const at = format.instant(run.finished_at ?? run.requested_at);
  return (
    <>
      {state === "running" && (
        <Progress value={total > 0 ? (100 * done) / total : 0} aria-label={t("settings.rejudging.progress")} animated />
      )}
      <Group justify="space-between">
        <Text size="sm" role="status">
          {state === "running"
            ? t("settings.rejudging.running", figures)
            : t(state === "done" ? "settings.rejudging.done" : "settings.rejudging.stopped", { ...figures, at })}
        </Text>
        {state === "running" && (
          <Button size="xs" variant="default" loading={stopping.isPending} onClick={() => stopping.mutate()}>
            {t("settings.rejudging.stop")}
          </Button>
        )}
      </Group>
    </>
  );
}
