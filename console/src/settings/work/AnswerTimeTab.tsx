import { NumberInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { answer, api, told } from "@/api/client";

import { DurationField } from "../shared/DurationField";
import { Form } from "../shared/Form";
import { Shown } from "../shared/States";
import { onVersion, useThing } from "../shared/things";
import { useEdited } from "../shared/useEdited";
import classes from "../settings.module.css";

interface AnswerTime {
  response_seconds: number | null;
  warning_share?: number;
  version: number;
}

/** How soon this department answers, where no target of the list says otherwise. */
export function AnswerTimeTab({ departmentId }: { departmentId: string }) {
  const query = useThing("departments", `${departmentId} target`, () =>
    told(api.GET("/api/sla/departments/{department_id}/target", { params: { path: { department_id: departmentId } } })),
  );
  return <Shown query={query}>{(thing) => thing && <Fields id={departmentId} present={thing.data} />}</Shown>;
}

function Fields({ id, present }: { id: string; present: AnswerTime }) {
  const { t } = useTranslation();
  const form = useEdited({
    response_seconds: present.response_seconds,
    warning_percent: Math.round((present.warning_share ?? 0.8) * 100),
  });
  return (
    <Form
      section="departments"
      form={form}
      send={({ response_seconds, warning_percent }) =>
        answer(
          api.PUT("/api/sla/departments/{department_id}/target", {
            params: { path: { department_id: id }, header: onVersion(present.version) },
            body: { response_seconds, warning_share: warning_percent / 100 },
          }),
        )
      }
      slugs={{}}
      onSaved={() => undefined}
    >
      <div className={classes.card}>
        <DurationField
          label={t("settings.targets.answerWithin")}
          description={t("settings.departments.answersText")}
          value={form.values.response_seconds}
          onChange={(seconds) => form.setFieldValue("response_seconds", seconds)}
          error={form.errors.response_seconds as string | undefined}
        />
        <WarningField {...form.getInputProps("warning_percent")} />
      </div>
    </Form>
  );
}

export function WarningField(props: { value?: number; onChange?: (percent: number | string) => void; error?: string }) {
  const { t } = useTranslation();
  return (
    <NumberInput
      w={220}
      min={1}
      max={100}
      allowDecimal={false}
      suffix=" %"
      label={t("settings.targets.warnAt")}
      description={t("settings.targets.warnText")}
      {...props}
    />
  );
}
