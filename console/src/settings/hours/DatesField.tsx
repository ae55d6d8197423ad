import { ActionIcon, Button, Text, TextInput, Title } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import classes from "../settings.module.css";
import hoursClasses from "./hours.module.css";
import { IntervalFields } from "./IntervalFields";
import type { SpecialDate } from "./values";

/** Dates that are not as in any week: closed, or open at other hours. */
export function DatesField({ dates, onChange }: { dates: SpecialDate[]; onChange: (dates: SpecialDate[]) => void }) {
  const { t } = useTranslation();
  const set = (place: number, change: Partial<SpecialDate>) =>
    onChange(dates.map((each, at) => (at === place ? { ...each, ...change } : each)));
  return (
    <section className={classes.card} aria-label={t("settings.hours.dates")}>
      <div>
        <Title order={2}>{t("settings.hours.dates")}</Title>
        <Text size="sm" c="dimmed">
          {t("settings.hours.datesText")}
        </Text>
      </div>
      {dates.map(({ date, intervals }, place) => (
        <div key={place} className={hoursClasses.dayLine}>
          <TextInput
            type="date"
            size="xs"
            miw={150}
            aria-label={t("settings.hours.date", { number: place + 1 })}
            value={date}
            onChange={(event) => set(place, { date: event.currentTarget.value })}
          />
          {intervals.length === 0 && <Text size="sm">{t("settings.hours.closed")}</Text>}
          <IntervalFields
            of={date === "" ? t("settings.hours.date", { number: place + 1 }) : date}
            intervals={intervals}
            onChange={(next) => set(place, { intervals: next })}
          />
          <ActionIcon
            ml="auto"
            variant="subtle"
            color="gray"
            aria-label={t("settings.removeLine", { number: place + 1 })}
            onClick={() => onChange(dates.filter((_, at) => at !== place))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...dates, { date: "", intervals: [] }])}
        >
          {t("settings.hours.addDate")}
        </Button>
      </div>
    </section>
  );
}
