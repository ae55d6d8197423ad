import { useTranslation } from "react-i18next";

import type { WantedHours } from "@/api/types";

import { WaitsTrial } from "./WaitsTrial";

export function HoursTrial({ departmentId, hours }: { departmentId: string; hours: () => WantedHours }) {
  const { t } = useTranslation();
  return (
    <WaitsTrial
      text={t("settings.hours.trialText")}
      change={() => ({ working_hours: { ...hours(), department_id: departmentId } })}
    />
  );
}
