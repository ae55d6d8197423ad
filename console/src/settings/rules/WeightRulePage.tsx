import { NumberInput, Select, TextInput, Title } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { newKey, once } from "@/api/keys";
import type { WeightRule } from "@/api/types";

import { Enabled } from "../shared/fields";
import { History } from "../shared/History";
import { Page } from "../shared/Page";
import { Shown } from "../shared/States";
import { onVersion, useThing } from "../shared/things";
import { useEdited } from "../shared/useEdited";
import classes from "../settings.module.css";
import { asList, type Many } from "./conditions";
import { RuleForm } from "./RuleForm";
import { tried, weightRules } from "./rules";

export function WeightRulePage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/staff/settings/weight-rules/$id" });
  const query = useThing("weight-rules", id, weightRules.read);
  return (
    <Shown query={query}>
      {(thing) => (
        <Page back="weight-rules" title={thing?.data.name ?? t("settings.rules.new")}>
          <Fields key={id} rule={thing?.data ?? null} />
          {thing && <History section="weight-rules" id={id} read={(cursor) => weightRules.history(id, cursor)} />}
        </Page>
      )}
    </Shown>
  );
}

/** Numbers as their fields have them: empty text for none. */
type Figure = number | string;

interface Values {
  name: string;
  conditions: Many;
  points: Figure;
  per: NonNullable<WeightRule["per"]>;
  unit: string;
  floor: Figure;
  cap: Figure;
  enabled: boolean;
}

const valuesOf = (rule: WeightRule | null): Values => ({
  name: rule?.name ?? "",
  conditions: asList(rule?.conditions).condition,
  points: rule?.points ?? 10,
  per: rule?.per ?? "ticket",
  unit: rule?.unit ?? "1",
  floor: rule?.floor ?? "",
  cap: rule?.cap ?? "",
  enabled: rule?.enabled ?? true,
});

const orNull = (figure: Figure) => (figure === "" ? null : Number(figure));

function bodyOf({ points, unit, floor, cap, ...rest }: Values) {
  return { ...rest, points: Number(points), unit: unit.trim(), floor: orNull(floor), cap: orNull(cap) };
}

function Fields({ rule }: { rule: WeightRule | null }) {
  const { t } = useTranslation();
  const [key] = useState(newKey);
  const form = useEdited(valuesOf(rule));
  const send = (values: Values) =>
    rule
      ? answer(
          api.PATCH("/api/routing/weight-rules/{rule_id}", {
            params: { ...weightRules.path(rule.id), header: onVersion(rule.version) },
            body: bodyOf(values),
          }),
        )
      : answer(api.POST("/api/routing/weight-rules", { params: { header: once(key) }, body: bodyOf(values) }));
  /** All rules, with this one as it stands here. */
  const rules = async () => {
    const others = (await weightRules.list()).filter((each) => each.id !== rule?.id).map(tried);
    return { weight_rules: [...others, { ...bodyOf(form.getValues()), ...(rule ? { id: rule.id } : {}) }] };
  };
  return (
    <RuleForm
      section="weight-rules"
      rule={rule}
      form={form}
      onConditions={(next) => form.setFieldValue("conditions", next)}
      send={send}
      remove={async () => rule && weightRules.remove(rule.id)}
      tried={rules}
    >
      <div className={classes.card}>
        <Title order={2}>{t("settings.points")}</Title>
        <div className={classes.pair}>
          <NumberInput required allowDecimal={false} label={t("settings.points")} {...form.getInputProps("points")} />
          <Select
            label={t("settings.weight.perWhat")}
            allowDeselect={false}
            data={(["ticket", "service", "expenses"] as const).map((value) => ({
              value,
              label: t(`settings.weight.per.${value}`),
            }))}
            {...form.getInputProps("per")}
          />
        </div>
        {form.values.per !== "ticket" && (
          <div className={classes.pair}>
            <TextInput inputMode="decimal" label={t("settings.weight.unit")} {...form.getInputProps("unit")} />
            <NumberInput
              min={0}
              allowDecimal={false}
              label={t("settings.weight.floor")}
              {...form.getInputProps("floor")}
            />
            <NumberInput min={0} allowDecimal={false} label={t("settings.weight.cap")} {...form.getInputProps("cap")} />
          </div>
        )}
        <Enabled {...form.getInputProps("enabled", { type: "checkbox" })} />
      </div>
    </RuleForm>
  );
}
