import { MultiSelect, NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Condition } from "@/api/types";
import { useCategories, useDepartments, useGroups, useProjects } from "@/lookups/lookups";

import { TimeField } from "../hours/IntervalFields";
import { Pick, PickMany } from "../shared/fields";
import classes from "../settings.module.css";
import { AccountsField } from "./AccountsField";

interface Change<T extends Condition> {
  value: T;
  onChange: (value: Condition) => void;
}
type Of<K extends Condition["kind"]> = Extract<Condition, { kind: K }>;

/** What a part says, by its kind. */
export function PartFields({ value, onChange }: Change<Condition>) {
  switch (value.kind) {
    case "category":
    case "group":
    case "project":
    case "account":
      return <Things value={value} onChange={onChange} />;
    case "urgency":
    case "attitude":
    case "channel":
      return <Values value={value} onChange={onChange} />;
    case "language":
      return <Languages value={value} onChange={onChange} />;
    case "services":
      return <Services value={value} onChange={onChange} />;
    case "expenses":
      return <Expenses value={value} onChange={onChange} />;
    case "subject":
    case "text":
      return <Says value={value} onChange={onChange} />;
    case "time_of_day":
      return <TimeOfDay value={value} onChange={onChange} />;
    case "working_hours":
      return <Hours value={value} onChange={onChange} />;
    default:
      return null;
  }
}

function Things({ value, onChange }: Change<Of<"category" | "group" | "project" | "account">>) {
  const { t } = useTranslation();
  const lookups = { category: useCategories().data, group: useGroups().data, project: useProjects().data };
  const label = t(`settings.kinds.${value.kind}`);
  const set = (ids: string[]) => onChange({ ...value, ids });
  if (value.kind === "account") return <AccountsField label={label} ids={value.ids} onChange={set} />;
  return (
    <PickMany
      className={classes.grow ?? ""}
      aria-label={label}
      choices={lookups[value.kind]}
      value={value.ids}
      onChange={set}
    />
  );
}

const CHOICES = {
  urgency: ["high", "medium", "low"],
  attitude: ["good", "neutral", "bad"],
  channel: ["panel", "email", "api"],
} as const;

function Values({ value, onChange }: Change<Of<"urgency" | "attitude" | "channel">>) {
  const { t } = useTranslation();
  const { kind } = value;
  const labels: Record<string, string> = {
    high: t("urgency.high"),
    medium: t("urgency.medium"),
    low: t("urgency.low"),
    good: t("attitude.good"),
    neutral: t("attitude.neutral"),
    bad: t("attitude.bad"),
    panel: t("channel.panel"),
    email: t("channel.email"),
    api: t("channel.api"),
  };
  return (
    <MultiSelect
      className={classes.grow ?? ""}
      searchable
      aria-label={t(`settings.kinds.${kind}`)}
      data={CHOICES[kind].map((each) => ({ value: each, label: labels[each] ?? each }))}
      value={value.values}
      onChange={(values) => onChange({ kind, values } as Condition)}
    />
  );
}

function Languages({ value, onChange }: Change<Of<"language">>) {
  const { t } = useTranslation();
  return (
    <TagsInput
      className={classes.grow ?? ""}
      aria-label={t("settings.kinds.language")}
      placeholder={value.values.length === 0 ? t("settings.languageCode") : ""}
      value={value.values}
      onChange={(values) => onChange({ ...value, values })}
    />
  );
}

function Services({ value, onChange }: Change<Of<"services">>) {
  const { t } = useTranslation();
  const types = value.product_types ?? [];
  return (
    <>
      <TagsInput
        className={classes.grow ?? ""}
        aria-label={t("settings.rules.productTypes")}
        placeholder={types.length === 0 ? t("settings.rules.productTypes") : ""}
        value={types}
        onChange={(product_types) => onChange({ ...value, product_types })}
      />
      {(["at_least", "at_most"] as const).map((bound) => (
        <NumberInput
          key={bound}
          w={120}
          min={0}
          allowDecimal={false}
          aria-label={t(`settings.rules.${bound}`)}
          placeholder={t(`settings.rules.${bound}`)}
          value={value[bound] ?? ""}
          onChange={(next) => onChange({ ...value, [bound]: next === "" ? null : Number(next) })}
        />
      ))}
    </>
  );
}

function Expenses({ value, onChange }: Change<Of<"expenses">>) {
  const { t } = useTranslation();
  return (["at_least", "at_most"] as const).map((bound) => (
    <TextInput
      key={bound}
      w={140}
      inputMode="decimal"
      aria-label={t(`settings.rules.${bound}`)}
      placeholder={t(`settings.rules.${bound}`)}
      value={value[bound] ?? ""}
      onChange={({ currentTarget }) =>
        onChange({ ...value, [bound]: currentTarget.value.trim() === "" ? null : currentTarget.value.trim() })
      }
    />
  ));
}

/** Either some of several words, or one regular expression. */
function Says({ value, onChange }: Change<Of<"subject" | "text">>) {
  const { t } = useTranslation();
  const { kind } = value;
  const isPattern = value.matches != null;
  return (
    <>
      <Select
        w={180}
        allowDeselect={false}
        aria-label={t("settings.rules.how")}
        data={(["contains", "matches"] as const).map((how) => ({ value: how, label: t(`settings.rules.${how}`) }))}
        value={isPattern ? "matches" : "contains"}
        onChange={(how) => onChange(how === "matches" ? { kind, matches: "" } : { kind, contains: [] })}
      />
      {isPattern ? (
        <TextInput
          className={classes.grow ?? ""}
          aria-label={t("settings.rules.pattern")}
          ff="monospace"
          value={value.matches ?? ""}
          onChange={({ currentTarget }) => onChange({ kind, matches: currentTarget.value })}
        />
      ) : (
        <TagsInput
          className={classes.grow ?? ""}
          aria-label={t("settings.rules.words")}
          placeholder={(value.contains ?? []).length === 0 ? t("settings.rules.words") : ""}
          value={value.contains ?? []}
          onChange={(contains) => onChange({ kind, contains })}
        />
      )}
    </>
  );
}

function OfDepartment({ value, onChange }: Change<Of<"time_of_day" | "working_hours">>) {
  const { t } = useTranslation();
  const departments = useDepartments();
  return (
    <Pick
      className={classes.grow ?? ""}
      clearable
      aria-label={t("filters.department_id")}
      placeholder={t("settings.rules.ofItsDepartment")}
      choices={departments.data}
      value={value.department_id ?? null}
      onChange={(department_id) => onChange({ ...value, department_id })}
    />
  );
}

function TimeOfDay({ value, onChange }: Change<Of<"time_of_day">>) {
  const { t } = useTranslation();
  return (
    <>
      <TimeField
        label={t("settings.rules.starts")}
        value={value.starts}
        onChange={(starts) => onChange({ ...value, starts })}
      />
      <TimeField
        label={t("settings.rules.ends")}
        value={value.ends}
        onChange={(ends) => onChange({ ...value, ends })}
      />
      <OfDepartment value={value} onChange={onChange} />
    </>
  );
}

function Hours({ value, onChange }: Change<Of<"working_hours">>) {
  const { t } = useTranslation();
  return (
    <>
      <Select
        w={130}
        allowDeselect={false}
        aria-label={t("settings.kinds.working_hours")}
        data={(["inside", "outside"] as const).map((side) => ({ value: side, label: t(`settings.rules.${side}`) }))}
        value={value.inside === false ? "outside" : "inside"}
        onChange={(side) => onChange({ ...value, inside: side === "inside" })}
      />
      <OfDepartment value={value} onChange={onChange} />
    </>
  );
}
