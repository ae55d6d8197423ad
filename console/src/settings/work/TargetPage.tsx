import { Checkbox, MultiSelect, NumberInput, Select, TextInput, Title } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { isProblem, Problem } from "@/api/problems";
import type { Attitude, Target, TargetsInForce, Urgency } from "@/api/types";
import { useDepartments, useGroups, useProjects } from "@/lookups/lookups";

import { DeleteButton } from "../shared/DeleteButton";
import { DurationField } from "../shared/DurationField";
import { errorWithin } from "../shared/errors";
import { PickMany } from "../shared/fields";
import { Form } from "../shared/Form";
import { Page } from "../shared/Page";
import { Shown } from "../shared/States";
import { NEW, useThing } from "../shared/things";
import { useEdited } from "../shared/useEdited";
import classes from "../settings.module.css";
import { WarningField } from "./AnswerTimeTab";
import { putTargets, readTargets } from "./targets";
import { TargetsTrial } from "./TargetsPage";

export function TargetPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/staff/settings/targets/$id" });
  const query = useThing("targets", `of ${id}`, readTargets);
  return (
    <Shown query={query}>
      {(thing) => {
        const target = thing?.data.targets.find((each) => each.id === id) ?? null;
        return (
          <Page back="targets" title={target?.name ?? t("settings.targets.new")}>
            {thing && <Fields key={id} present={thing.data} target={target} isNew={id === NEW} />}
          </Page>
        );
      }}
    </Shown>
  );
}

interface Values {
  name: string;
  department_ids: string[];
  urgencies: Urgency[];
  attitudes: Attitude[];
  group_ids: string[];
  project_ids: string[];
  first_response_seconds: number | null;
  next_response_seconds: number | null;
  resolution_seconds: number | null;
  warning_percent: number;
  escalates: boolean;
  on: "warning" | "breach";
  points: number;
}

function valuesOf(target: Target | null): Values {
  return {
    name: target?.name ?? "",
    department_ids: target?.department_ids ?? [],
    urgencies: target?.urgencies ?? [],
    attitudes: target?.attitudes ?? [],
    group_ids: target?.group_ids ?? [],
    project_ids: target?.project_ids ?? [],
    first_response_seconds: target?.first_response_seconds ?? null,
    next_response_seconds: target?.next_response_seconds ?? null,
    resolution_seconds: target?.resolution_seconds ?? null,
    warning_percent: Math.round((target?.warning_share ?? 0.8) * 100),
    escalates: target?.escalation != null,
    on: target?.escalation?.on ?? "breach",
    points: target?.escalation?.points ?? 50,
  };
}

/** None chosen: it does not matter. */
const some = <T,>(values: T[]): T[] | null => (values.length > 0 ? values : null);

function targetOf({ warning_percent, escalates, on, points, ...values }: Values): Omit<Target, "id"> {
  return {
    ...values,
    department_ids: some(values.department_ids),
    urgencies: some(values.urgencies),
    attitudes: some(values.attitudes),
    group_ids: some(values.group_ids),
    project_ids: some(values.project_ids),
    warning_share: warning_percent / 100,
    escalation: escalates ? { on, points } : null,
  };
}

interface FieldsProps {
  present: TargetsInForce;
  target: Target | null;
  isNew: boolean;
}

function Fields({ present, target, isNew }: FieldsProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const form = useEdited(valuesOf(target));
  const place = target ? present.targets.indexOf(target) : present.targets.length;
  const list = (values: Values) => {
    const others = [...present.targets];
    const wanted = { ...targetOf(values), ...(target ? { id: target.id } : {}) };
    return [...others.slice(0, place), wanted, ...others.slice(place + 1)];
  };
  const leave = () => navigate({ to: "/settings/targets", ignoreBlocker: true });
  return (
    <>
      <Form
        section="targets"
        form={form}
        send={(values) =>
          putTargets(present, list(values)).catch((error: unknown) => {
            throw ofOne(error, place);
          })
        }
        onSaved={leave}
        more={
          !isNew &&
          target && (
            <DeleteButton
              section="targets"
              name={target.name}
              remove={() =>
                putTargets(
                  present,
                  present.targets.filter((each) => each !== target),
                )
              }
              onDeleted={leave}
            />
          )
        }
      >
        <div className={classes.card}>
          <TextInput required label={t("settings.name")} {...form.getInputProps("name")} />
        </div>
        <Matching form={form} />
        <Times form={form} />
      </Form>
      <TargetsTrial targets={() => list(form.getValues())} />
    </>
  );
}

function Matching({ form }: { form: UseFormReturnType<Values> }) {
  const { t } = useTranslation();
  const lookups = {
    department_ids: useDepartments().data,
    group_ids: useGroups().data,
    project_ids: useProjects().data,
  };
  const labels = {
    department_ids: t("filters.department_id"),
    group_ids: t("filters.group_id"),
    project_ids: t("filters.project_id"),
  };
  return (
    <div className={classes.card}>
      <Title order={2}>{t("settings.targets.for")}</Title>
      <div className={classes.pair}>
        {(["department_ids", "group_ids", "project_ids"] as const).map((field) => (
          <PickMany
            key={field}
            label={labels[field]}
            placeholder={form.values[field].length === 0 ? t("settings.targets.any") : ""}
            choices={lookups[field]}
            {...form.getInputProps(field)}
            error={errorWithin(form, field)}
          />
        ))}
        <MultiSelect
          label={t("filters.urgency")}
          placeholder={form.values.urgencies.length === 0 ? t("settings.targets.any") : ""}
          data={(["high", "medium", "low"] as const).map((value) => ({ value, label: t(`urgency.${value}`) }))}
          {...form.getInputProps("urgencies")}
        />
        <MultiSelect
          label={t("filters.attitude")}
          placeholder={form.values.attitudes.length === 0 ? t("settings.targets.any") : ""}
          data={(["good", "neutral", "bad"] as const).map((value) => ({ value, label: t(`attitude.${value}`) }))}
          {...form.getInputProps("attitudes")}
        />
      </div>
    </div>
  );
}

function Times({ form }: { form: UseFormReturnType<Values> }) {
  const { t } = useTranslation();
  return (
    <div className={classes.card}>
      <Title order={2}>{t("settings.targets.times")}</Title>
      <div className={classes.pair}>
        {(["first_response_seconds", "next_response_seconds", "resolution_seconds"] as const).map((field) => (
          <DurationField
            key={field}
            label={t(`settings.targets.${SHORT[field]}`)}
            value={form.values[field]}
            onChange={(seconds) => form.setFieldValue(field, seconds)}
            error={errorWithin(form, field)}
          />
        ))}
      </div>
      <WarningField {...form.getInputProps("warning_percent")} />
      <Checkbox label={t("settings.targets.escalates")} {...form.getInputProps("escalates", { type: "checkbox" })} />
      {form.values.escalates && (
        <div className={classes.pair}>
          <Select
            label={t("settings.targets.escalatesOn")}
            allowDeselect={false}
            data={(["warning", "breach"] as const).map((value) => ({
              value,
              label: t(`settings.targets.on.${value}`),
            }))}
            {...form.getInputProps("on")}
          />
          <NumberInput label={t("settings.points")} allowDecimal={false} {...form.getInputProps("points")} />
        </div>
      )}
    </div>
  );
}

const SHORT = {
  first_response_seconds: "first",
  next_response_seconds: "next",
  resolution_seconds: "resolution",
} as const;

/** What is refused about this target of the list, as if it were alone. */
function ofOne(error: unknown, place: number): Error {
  if (!isProblem(error) || !Array.isArray(error.members.errors)) return error as Error;
  const prefix = `/targets/${place}/`;
  const errors = (error.members.errors as { pointer: string; detail: string }[]).map((each) =>
    each.pointer.startsWith(prefix) ? { ...each, pointer: `/${each.pointer.slice(prefix.length)}` } : each,
  );
  return new Problem(error.status, { ...error.members, errors });
}
