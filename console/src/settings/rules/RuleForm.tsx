import { TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { ComponentProps, ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { DeleteButton } from "../shared/DeleteButton";
import { Form } from "../shared/Form";
import type { Edited } from "../shared/useEdited";
import classes from "../settings.module.css";
import type { Many } from "./conditions";
import { ConditionsField } from "./ConditionsField";
import { RulesTrial } from "./RulesTrial";

interface Props<V extends { name: string; conditions: Many }, R> {
  section: "submission-rules" | "weight-rules";
  /** The rule as it is kept; null for a new one. */
  rule: { name: string } | null;
  form: Edited<V>;
  onConditions: (next: Many) => void;
  send: (values: V) => Promise<R>;
  remove: () => Promise<unknown>;
  /** All rules, with this one as it stands here. */
  tried: ComponentProps<typeof RulesTrial>["rules"];
  /** What comes of it when the conditions hold. */
  children: ReactNode;
}

/** When a rule holds, what it does, and what it would have done. */
export function RuleForm<V extends { name: string; conditions: Many }, R>(props: Props<V, R>) {
  const { section, rule, form, remove } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const leave = () => navigate({ to: `/settings/${section}`, ignoreBlocker: true });
  return (
    <>
      <Form
        section={section}
        form={form}
        send={props.send}
        onSaved={leave}
        more={rule && <DeleteButton section={section} name={rule.name} remove={remove} onDeleted={leave} />}
      >
        <div className={classes.card}>
          <TextInput required label={t("settings.name")} {...form.getInputProps("name")} />
          <ConditionsField
            value={form.values.conditions}
            onChange={props.onConditions}
            path="conditions"
            errors={form.errors}
          />
        </div>
        {props.children}
      </Form>
      <RulesTrial rules={props.tried} />
    </>
  );
}
