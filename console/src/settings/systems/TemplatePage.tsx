import { Button, Text, Textarea, TextInput } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import type { NewTemplate, Template } from "@/api/types";
import { useProjects } from "@/lookups/lookups";
import { MissingPage } from "@/shell/MissingPage";
import { wordsOf } from "@/shell/problemNotice";

import { DeleteButton } from "../shared/DeleteButton";
import { Pick } from "../shared/fields";
import { Form } from "../shared/Form";
import { Page } from "../shared/Page";
import { refusalOf } from "../shared/refusals";
import { Shown } from "../shared/States";
import { useThing } from "../shared/things";
import { useEdited } from "../shared/useEdited";
import classes from "../settings.module.css";
import { addressOf, listTemplates, type TemplateKind } from "./templates";

export function TemplatePage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/staff/settings/templates/$id" });
  const query = useThing("templates", id, async () => ({ data: await listTemplates(), consistency: null, etag: null }));
  return (
    <Shown query={query}>
      {(thing) => {
        const template = thing?.data.find((each) => addressOf(each) === id);
        if (!template) return <MissingPage />;
        return (
          <Page back="templates" title={t(`settings.templates.kinds.${template.kind as TemplateKind}`)}>
            <Fields key={id} template={template} />
          </Page>
        );
      }}
    </Shown>
  );
}

function Fields({ template }: { template: Template }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const projects = useProjects();
  const { id, subject, body, project_id = null } = template;
  const form = useEdited({ subject, body, project_id });
  const wanted = (): NewTemplate => ({
    ...form.getValues(),
    kind: template.kind as TemplateKind,
    language: template.language,
  });
  const preview = useMutation({
    meta: { isShown: true },
    mutationFn: () => answer(api.POST("/api/notify/templates/preview", { body: wanted() })),
    onError: (error) => form.setErrors(refusalOf(error, {}, wordsOf(error)).fields),
  });
  const leave = () => navigate({ to: "/settings/templates", ignoreBlocker: true });
  return (
    <Form
      section="templates"
      form={form}
      send={() => answer(api.PUT("/api/notify/templates", { body: wanted() }))}
      onSaved={leave}
      more={
        <>
          <Button
            variant="default"
            leftSection={<IconEye size={16} aria-hidden />}
            loading={preview.isPending}
            onClick={() => preview.mutate()}
          >
            {t("settings.templates.preview")}
          </Button>
          {id != null && (
            <DeleteButton
              section="templates"
              name={subject}
              label={t("settings.templates.takeBack")}
              text={t("settings.templates.takeBackText")}
              remove={() =>
                answer(api.DELETE("/api/notify/templates/{template_id}", { params: { path: { template_id: id } } }))
              }
              onDeleted={leave}
            />
          )}
        </>
      }
    >
      <div className={classes.card}>
        {id == null && template.kind !== "digest" && (
          <Pick
            clearable
            label={t("columns.project")}
            description={t("settings.templates.projectText")}
            choices={projects.data}
            {...form.getInputProps("project_id")}
          />
        )}
        <TextInput required label={t("columns.subject")} {...form.getInputProps("subject")} />
        <Textarea
          required
          autosize
          minRows={10}
          ff="monospace"
          label={t("settings.templates.body")}
          description={t("settings.templates.bodyText", { example: "{{ ticket.subject }}" })}
          {...form.getInputProps("body")}
        />
      </div>
      {preview.data && (
        <section className={classes.card} aria-label={t("settings.templates.preview")}>
          <Text fw={600}>{preview.data.subject}</Text>
          <Text size="sm" className={classes.mail ?? ""}>
            {preview.data.text}
          </Text>
        </section>
      )}
    </Form>
  );
}
