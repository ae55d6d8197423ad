import { Alert, Button, Group, Input, SegmentedControl, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { newKey, once } from "@/api/keys";
import type { Urgency } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { useIdentity } from "@/session/useSession";
import { showDone } from "@/shell/problemNotice";
import { draftKeeper } from "@/writing/draftKeeper";
import { TextField } from "@/writing/TextField";
import { useUploads } from "@/writing/uploads";
import { useUnsaved } from "@/writing/useUnsaved";

import classes from "./panel.module.css";

export function NewTicket() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const place = `new ${useIdentity().id}`;
  const [category, setCategory] = useState<string | null>(null);
  const [urgency, setUrgency] = useState<Urgency>("medium");
  const [subject, setSubject] = useState("");
  const [text, setText] = useState(() => draftKeeper.read(place));
  const [key] = useState(newKey); // one ticket, however often it is sent
  const uploads = useUploads();
  useUnsaved(() => subject !== "" || text !== "" || uploads.files.length > 0);
  const categories = useQuery({
    queryKey: ["own", "categories"],
    queryFn: async () => (await answer(api.GET("/api/intake/categories"))).items,
  });

  const submission = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/intake/tickets", {
          params: { header: once(key) },
          body: {
            category_id: category ?? "",
            urgency,
            subject: subject.trim(),
            text,
            language: i18n.language,
            attachment_ids: uploads.ids,
          },
        }),
      ),
    onSuccess: async ({ id, number }) => {
      draftKeeper.keep(place, "");
      showDone(t("panel.submitted", { number }));
      await queries.invalidateQueries({ queryKey: ["own"] });
      await navigate({ to: "/panel/$ticketId", params: { ticketId: id }, ignoreBlocker: true });
    },
  });
  const isReady = category !== null && subject.trim() !== "" && text.trim() !== "" && !uploads.isBusy;
  const submit = (event?: SubmitEvent) => {
    event?.preventDefault();
    if (isReady && !submission.isPending) submission.mutate();
  };

  return (
    <form onSubmit={submit}>
      <Title order={1} mb="md">
        {t("panel.new")}
      </Title>
      <Stack className={classes.card ?? ""}>
        <Select
          label={t("columns.category")}
          placeholder={t("panel.chooseCategory")}
          data={categories.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={category}
          onChange={setCategory}
          searchable
          allowDeselect={false}
        />
        <Input.Wrapper
          label={t("filters.urgency")}
          description={t(`panel.urgency.${urgency}`)}
          inputWrapperOrder={["label", "input", "description"]}
        >
          <SegmentedControl
            fullWidth
            mt={4}
            aria-label={t("filters.urgency")}
            value={urgency}
            onChange={(value) => setUrgency(value)}
            data={(["low", "medium", "high"] as const).map((value) => ({
              value,
              label: t(`panel.urgencies.${value}`),
            }))}
          />
        </Input.Wrapper>
        <TextInput
          label={t("columns.subject")}
          maxLength={200}
          value={subject}
          onChange={(event) => setSubject(event.currentTarget.value)}
        />
        <Input.Wrapper label={t("panel.text")} labelElement="div">
          <TextField
            label={t("panel.text")}
            minRows={6}
            value={text}
            onChange={(next) => {
              draftKeeper.keep(place, next);
              setText(next);
            }}
            uploads={uploads}
            onSend={() => submit()}
          />
        </Input.Wrapper>
        {category !== null && <Expected category={category} urgency={urgency} />}
        <Group justify="flex-end">
          <Button type="submit" disabled={!isReady} loading={submission.isPending}>
            {t("panel.submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Expected({ category, urgency }: { category: string; urgency: Urgency }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useQuery({
    queryKey: ["own", "estimate", category, urgency],
    queryFn: () => answer(api.GET("/api/sla/estimates", { params: { query: { category_id: category, urgency } } })),
    refetchInterval: 60_000,
  });
  if (!data?.expected_by) return null;
  return (
    <Alert variant="light" icon={<IconClock size={18} />} role="status">
      <Text size="sm">{t("panel.expected", { at: format.instant(data.expected_by) })}</Text>
    </Alert>
  );
}
