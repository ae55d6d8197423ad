import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import classes from "./hours.module.css";
import { intervalOf, isTime, timeOf, type Interval } from "./week";

interface Props {
  /** Whose intervals they are, for those who do not see where a field stands. */
  of: string;
  intervals: readonly Interval[];
  onChange: (intervals: Interval[]) => void;
}

/** Intervals to the minute, as text: 24:00 is the end of the day, an end before the start is on the next. */
export function IntervalFields({ of, intervals, onChange }: Props) {
  const { t } = useTranslation();
  const set = (place: number, next: Interval) => onChange(intervals.map((each, at) => (at === place ? next : each)));
  const last = intervals.at(-1);
  const from = last && last.to < 23 * 60 ? last.to : 9 * 60;
  return (
    <>
      {intervals.map((interval, place) => (
        <span key={place} className={classes.interval}>
          <TimeField
            label={t("settings.hours.from", { of, number: place + 1 })}
            value={timeOf(interval.from)}
            onChange={(time) => set(place, intervalOf(time, timeOf(interval.to)))}
          />
          <span aria-hidden>–</span>
          <TimeField
            label={t("settings.hours.to", { of, number: place + 1 })}
            value={timeOf(interval.to)}
            onChange={(time) => set(place, intervalOf(timeOf(interval.from), time))}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("settings.hours.remove", { of, number: place + 1 })}
            onClick={() => onChange(intervals.filter((_, at) => at !== place))}
          >
            <IconX size={15} />
          </ActionIcon>
        </span>
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconPlus size={13} aria-hidden />}
        aria-label={t("settings.hours.addTo", { of })}
        onClick={() => onChange([...intervals, { from, to: from + 60 }])}
      >
        {t("settings.hours.add")}
      </Button>
    </>
  );
}

/** Counts when it is a time and one has left the field. */
export function TimeField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (time: string) => void;
}) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<string | null>(null);
  const isWrong = draft !== null && !isTime(draft);
  const done = () => {
    if (draft === null || isWrong) return;
    setDraft(null);
    if (draft !== value) onChange(draft);
  };
  return (
    <TextInput
      size="xs"
      w={64}
      aria-label={label}
      title={isWrong ? t("settings.hours.noTime") : undefined}
      maxLength={5}
      inputMode="numeric"
      error={isWrong}
      value={draft ?? value}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={done}
    />
  );
}
