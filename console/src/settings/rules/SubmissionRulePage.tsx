import { Select, Switch, TagsInput, Title } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { newKey, once } from "@/api/keys";
import type { SubmissionRule, Urgency } from "@/api/types";
import { useAdministrators, useDepartments } from "@/lookups/lookups";

import { errorWithin } from "../shared/errors";
import { Enabled, Pick } from "../shared/fields";
import { History } from "../shared/History";
import { Page } from "../shared/Page";
import { Shown } from "../shared/States";
import { onVersion, useThing } from "../shared/things";
import { useEdited } from "../shared/useEdited";
import classes from "../settings.module.css";
import { asList, type Many } from "./conditions";
import { RuleForm } from "./RuleForm";
import { submissionRules, tried } from "./rules";

export function SubmissionRulePage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/staff/settings/submission-rules/$id" });
  const query = useThing("submission-rules", id, submissionRules.read);
  return (
    <Shown query={query}>
      {(thing) => (
        <Page back="submission-rules" title={thing?.data.name ?? t("settings.rules.new")}>
          <Fields key={id} rule={thing?.data ?? null} />
          {thing && (
            <History section="submission-rules" id={id} read={(cursor) => submissionRules.history(id, cursor)} />
          )}
        </Page>
      )}
    </Shown>
  );
}

type By = "fixed" | "least_loaded" | "round_robin";

interface Values {
  name: string;
  conditions: Many;
  then: {
    department_id: string | null;
    responsible: { by: By; administrator_id: string | null } | null;
    urgency: Urgency | null;
    tags: string[];
  };
  stop: boolean;
  enabled: boolean;
}

function valuesOf(rule: SubmissionRule | null): Values {
  const { department_id, responsible, urgency, tags } = rule?.then ?? {};
  return {
    name: rule?.name ?? "",
    conditions: asList(rule?.conditions).condition,
    then: {
      department_id: department_id ?? null,
      responsible: responsible ? { by: responsible.by, administrator_id: responsible.administrator_id ?? null } : null,
      urgency: urgency ?? null,
      tags: tags ?? [],
    },
    stop: rule?.stop ?? true,
    enabled: rule?.enabled ?? true,
  };
}

function Fields({ rule }: { rule: SubmissionRule | null }) {
  const [key] = useState(newKey);
  const form = useEdited(valuesOf(rule));
  const send = async (body: Values) =>
    rule
      ? answer(
          api.PATCH("/api/routing/submission-rules/{submission_rule_id}", {
            params: { ...submissionRules.path(rule.id), header: onVersion(rule.version) },
            body,
          }),
        )
      : answer(
          api.POST("/api/routing/submission-rules", {
            params: { header: once(key) },
            body: { ...body, order: await nextOrder() },
          }),
        );
  /** All rules, with this one as it stands here. */
  const rules = async () => {
    const others = (await submissionRules.list()).filter((each) => each.id !== rule?.id).map(tried);
    const order = rule?.order ?? (await nextOrder());
    return { submission_rules: [...others, { ...form.getValues(), order, ...(rule ? { id: rule.id } : {}) }] };
  };
  return (
    <RuleForm
      section="submission-rules"
      rule={rule}
      form={form}
      onConditions={(next) => form.setFieldValue("conditions", next)}
      send={send}
      remove={async () => rule && submissionRules.remove(rule.id)}
      tried={rules}
    >
      <ThenFields form={form} />
    </RuleForm>
  );
}

function ThenFields({ form }: { form: UseFormReturnType<Values> }) {
  const { t } = useTranslation();
  const departments = useDepartments();
  const administrators = useAdministrators();
  const { then } = form.values;
  const set = (change: Partial<Values["then"]>) => form.setFieldValue("then", { ...then, ...change });
  return (
    <div className={classes.card}>
      <Title order={2}>{t("settings.submission.then")}</Title>
      {form.errors.then && <span role="alert">{form.errors.then}</span>}
      <div className={classes.pair}>
        <Pick
          clearable
          label={t("filters.department_id")}
          placeholder={t("settings.submission.unchanged")}
          choices={departments.data}
          value={then.department_id}
          onChange={(department_id) => set({ department_id })}
          error={errorWithin(form, "then.department_id")}
        />
        <Select
          clearable
          label={t("filters.urgency")}
          placeholder={t("settings.submission.unchanged")}
          data={(["high", "medium", "low"] as const).map((value) => ({ value, label: t(`urgency.${value}`) }))}
          value={then.urgency}
          onChange={(urgency) => set({ urgency })}
          error={errorWithin(form, "then.urgency")}
        />
        <Select
          clearable
          label={t("filters.responsible_id")}
          placeholder={t("settings.submission.unchanged")}
          data={(["fixed", "least_loaded", "round_robin"] as const).map((value) => ({
            value,
            label: t(`settings.submission.by.${value}`),
          }))}
          value={then.responsible?.by ?? null}
          onChange={(by) => set({ responsible: by === null ? null : { by, administrator_id: null } })}
          error={then.responsible?.by === "fixed" ? undefined : errorWithin(form, "then.responsible")}
        />
        {then.responsible?.by === "fixed" && (
          <Pick
            label={t("settings.submission.administrator")}
            choices={administrators.data}
            value={then.responsible.administrator_id}
            onChange={(administrator_id) => set({ responsible: { by: "fixed", administrator_id } })}
            error={errorWithin(form, "then.responsible")}
          />
        )}
      </div>
      <TagsInput
        label={t("filters.tag")}
        maxTags={20}
        value={then.tags}
        onChange={(tags) => set({ tags })}
        error={errorWithin(form, "then.tags")}
      />
      <Switch
        label={t("settings.submission.stop")}
        description={t("settings.submission.stopText")}
        {...form.getInputProps("stop", { type: "checkbox" })}
      />
      <Enabled {...form.getInputProps("enabled", { type: "checkbox" })} />
    </div>
  );
}

/** Behind all that there are. */
async function nextOrder(): Promise<number> {
  const last = (await submissionRules.list()).at(-1);
  return last ? (last.order ?? 0) + 10 : 10;
}
