import { Input, NumberInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import classes from "../settings.module.css";

const HOUR = 3600;
const MINUTE = 60;

interface Props {
  label: string;
  description?: string;
  /** In seconds; null for none. */
  value: number | null;
  onChange: (seconds: number | null) => void;
  error?: string | undefined;
}

/** A length of working time, in hours and minutes; both empty for none. */
export function DurationField({ label, description, value, onChange, error }: Props) {
  const { t } = useTranslation();
  const hours = value === null ? "" : Math.floor(value / HOUR);
  const minutes = value === null ? "" : Math.floor((value % HOUR) / MINUTE);
  const set = (nextHours: number | string, nextMinutes: number | string) =>
    onChange(nextHours === "" && nextMinutes === "" ? null : Number(nextHours) * HOUR + Number(nextMinutes) * MINUTE);
  return (
    <Input.Wrapper labelElement="div" label={label} description={description} error={error}>
      <div className={classes.line}>
        <NumberInput
          w={105}
          mt={4}
          min={0}
          aria-label={`${label}: ${t("settings.hoursUnit")}`}
          rightSection={t("settings.hoursShort")}
          hideControls
          allowDecimal={false}
          allowNegative={false}
          error={error !== undefined}
          value={hours}
          onChange={(next) => set(next, next === "" && minutes === 0 ? "" : minutes)}
        />
        <NumberInput
          w={105}
          mt={4}
          min={0}
          max={59}
          aria-label={`${label}: ${t("settings.minutesUnit")}`}
          rightSection={t("settings.minutesShort")}
          hideControls
          allowDecimal={false}
          allowNegative={false}
          error={error !== undefined}
          value={minutes}
          onChange={(next) => set(next === "" || hours !== "" ? hours : 0, next)}
        />
      </div>
    </Input.Wrapper>
  );
}
