import { Alert, Button, Group, NumberInput, Progress, Text, Title } from "@mantine/core";
import { IconAlertCircle, IconFlask } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { wordsOf } from "@/shell/problemNotice";

import classes from "../settings.module.css";
import { refusalOf } from "./refusals";

interface Props {
  text: string;
  days: number;
  onDays: (days: number) => void;
  run: () => void;
  stop: () => void;
  isRunning: boolean;
  /** How much of it is done, of how much. */
  progress: { done: number; of: number } | null;
  error: unknown;
  children: ReactNode;
}

/** What would come of a change, tried on the days that have been; nothing is changed by it. */
export function TrialPanel({ text, days, onDays, run, stop, isRunning, progress, error, children }: Props) {
  const { t } = useTranslation();
  const percent = progress && progress.of > 0 ? (100 * progress.done) / progress.of : isRunning ? 0 : 100;
  return (
    <section className={classes.card} aria-label={t("settings.trial.title")}>
      <div>
        <Title order={2}>{t("settings.trial.title")}</Title>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
      </div>
      <Group align="flex-end" gap="sm">
        <NumberInput
          w={130}
          label={t("settings.trial.days")}
          min={1}
          max={366}
          allowDecimal={false}
          value={days}
          onChange={(next) => onDays(Number(next) || 1)}
        />
        {isRunning ? (
          <Button variant="default" onClick={stop}>
            {t("settings.trial.stop")}
          </Button>
        ) : (
          <Button variant="light" leftSection={<IconFlask size={16} aria-hidden />} onClick={run}>
            {t("settings.trial.run")}
          </Button>
        )}
      </Group>
      {isRunning && <Progress value={percent} aria-label={t("settings.trial.progress")} animated />}
      {error !== null && (
        <Alert color="red" variant="light" icon={<IconAlertCircle size={18} />} role="alert">
          {sayings(error).map((each) => (
            <div key={each}>{each}</div>
          ))}
        </Alert>
      )}
      <div role="status">{!isRunning && children}</div>
    </section>
  );
}

function sayings(error: unknown): string[] {
  const { fields, rest } = refusalOf(error, {}, wordsOf(error));
  return [...Object.values(fields), ...rest];
}

/** Figures with their names. */
export function Figures({ figures }: { figures: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl className={classes.figures}>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
