import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import type { WorkingHours } from "@/api/types";

import { History, type Happened } from "../shared/History";
import { valuesOf } from "./values";
import { DAYS, timeOf, type Interval } from "./week";

/** Which hours were in force from when on, and who set them. */
export function HoursHistory({ departmentId }: { departmentId: string }) {
  const told = useTold();
  return (
    <History
      section="departments"
      id={`${departmentId} hours`}
      read={async (cursor) => {
        const { items, next_cursor } = await answer(
          api.GET("/api/sla/departments/{department_id}/working-hours/history", {
            params: { path: { department_id: departmentId }, query: { limit: 50, ...cursor } },
          }),
        );
        return { items: items.map((item) => ({ ...item, ...told(item as unknown as WorkingHours) })), next_cursor };
      }}
    />
  );
}

function useTold() {
  const { t } = useTranslation();
  const shown = (intervals: readonly Interval[]) =>
    intervals.length === 0
      ? t("settings.hours.closed")
      : intervals.map(({ from, to }) => `${timeOf(from)}–${timeOf(to)}`).join(", ");
  return (hours: WorkingHours): Pick<Happened, "type" | "changes"> => {
    const { isAlways, timeZone, week, country, subdivision, dates } = valuesOf(hours);
    const open = DAYS.map((day, place) => [t(`settings.days.${day}`), week[place] ?? []] as const);
    const days = open.filter(([, intervals]) => intervals.length > 0);
    const special = dates.map(({ date, intervals }) => `${date}: ${shown(intervals)}`);
    const holidays = [country, subdivision].filter((part) => part !== null).join("-");
    const changes = isAlways
      ? [{ field: "weekly", after: t("settings.hours.always") }]
      : [
          { field: "time_zone", after: timeZone },
          { field: "weekly", after: days.map(([day, intervals]) => `${day} ${shown(intervals)}`) },
          { field: "public_holidays", after: holidays },
          { field: "exceptions", after: special },
        ];
    return { type: "calendar.changed.v1", changes };
  };
}
