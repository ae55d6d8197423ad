import { Alert, Input, SegmentedControl, Select, Text } from "@mantine/core";
import { IconClockOff } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { answer, api, told } from "@/api/client";
import type { WorkingHours } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";

import { Form } from "../shared/Form";
import { Shown } from "../shared/States";
import { onVersion, useThing } from "../shared/things";
import { useEdited } from "../shared/useEdited";
import classes from "../settings.module.css";
import { DatesField } from "./DatesField";
import { HolidaysField } from "./HolidaysField";
import hoursClasses from "./hours.module.css";
import { HoursHistory } from "./HoursHistory";
import { HoursTrial } from "./HoursTrial";
import { IntervalFields } from "./IntervalFields";
import { hoursOf, valuesOf } from "./values";
import { DAYS, openMinutes, replaced, type Week } from "./week";
import { WeekGrid } from "./WeekGrid";

/** When a department works, and so when its clocks run. */
export function HoursTab({ departmentId }: { departmentId: string }) {
  const query = useThing("departments", `${departmentId} hours`, () =>
    told(
      api.GET("/api/sla/departments/{department_id}/working-hours", {
        params: { path: { department_id: departmentId } },
      }),
    ),
  );
  return <Shown query={query}>{(thing) => thing && <Fields present={thing.data as WorkingHours} />}</Shown>;
}

function Fields({ present }: { present: WorkingHours }) {
  const { t } = useTranslation();
  const form = useEdited(valuesOf(present));
  const { values } = form;
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone"), []);
  return (
    <>
      <Form
        section="departments"
        form={form}
        send={(wanted) =>
          answer(
            api.PUT("/api/sla/departments/{department_id}/working-hours", {
              params: { path: { department_id: present.department_id }, header: onVersion(present.version) },
              body: hoursOf(wanted),
            }),
          )
        }
        onSaved={() => undefined}
      >
        {present.never_opens && (
          <Alert color="orange" variant="light" icon={<IconClockOff size={18} />} mb="md">
            {t("settings.hours.neverOpens")}
          </Alert>
        )}
        <div className={classes.card}>
          <SegmentedControl
            aria-label={t("settings.departments.tabs.hours")}
            value={values.isAlways ? "always" : "week"}
            onChange={(next) => form.setFieldValue("isAlways", next === "always")}
            data={[
              { value: "week", label: t("settings.hours.byWeek") },
              { value: "always", label: t("settings.hours.always") },
            ]}
          />
          {!values.isAlways && (
            <>
              <Select
                searchable
                allowDeselect={false}
                maw={360}
                label={t("settings.hours.zone")}
                nothingFoundMessage={t("filters.nothingFound")}
                data={zones.includes(values.timeZone) ? zones : [values.timeZone, ...zones]}
                value={values.timeZone}
                onChange={(zone) => zone !== null && form.setFieldValue("timeZone", zone)}
              />
              <WeekField week={values.week} onChange={(week) => form.setFieldValue("week", week)} />
            </>
          )}
        </div>
        {!values.isAlways && (
          <>
            <HolidaysField
              country={values.country}
              subdivision={values.subdivision}
              onChange={(country, subdivision) => form.setValues({ country, subdivision })}
            />
            <DatesField dates={values.dates} onChange={(dates) => form.setFieldValue("dates", dates)} />
          </>
        )}
      </Form>
      <HoursTrial departmentId={present.department_id} hours={() => hoursOf(form.getValues())} />
      <HoursHistory departmentId={present.department_id} />
    </>
  );
}

function WeekField({ week, onChange }: { week: Week; onChange: (week: Week) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <Input.Wrapper
        labelElement="div"
        label={t("settings.hours.week")}
        description={t("settings.hours.weekText")}
        inputWrapperOrder={["label", "description", "input"]}
      >
        <WeekGrid week={week} onChange={onChange} />
      </Input.Wrapper>
      <div className={hoursClasses.days}>
        {DAYS.map((day, place) => (
          <div key={day} className={hoursClasses.dayLine}>
            <span>{t(`settings.days.${day}`)}</span>
            <IntervalFields
              of={t(`settings.days.${day}`)}
              intervals={week[place] ?? []}
              onChange={(intervals) => onChange(replaced(week, place, intervals))}
            />
          </div>
        ))}
      </div>
      <Text size="sm" c="dimmed" role="status">
        {t("settings.hours.sum", { sum: format.duration(openMinutes(week) * 60) })}
      </Text>
    </>
  );
}
