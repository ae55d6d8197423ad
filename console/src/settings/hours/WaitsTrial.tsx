import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { TriedHours } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";

import { useTrial } from "../shared/lines";
import { Figures, TrialPanel } from "../shared/TrialPanel";
import { tryHours } from "./trying";

const MONTH = 30;

/** Breaches that there were, against those there would have been. */
export function WaitsTrial({ text, change }: { text: string; change: () => Omit<TriedHours, "days"> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [days, setDays] = useState(MONTH);
  const { line, ...trial } = useTrial((signal) => tryHours({ days, ...change() }, signal));
  return (
    <TrialPanel
      {...trial}
      text={text}
      days={days}
      onDays={setDays}
      progress={line?.of === undefined ? null : { done: line.waits, of: line.of }}
    >
      {line?.done === true && (
        <Figures
          figures={[
            [t("settings.trial.waits"), format.number(line.waits)],
            [t("settings.trial.breaches"), format.number(line.breaches ?? 0)],
            [t("settings.trial.wouldBe"), format.number(line.would_be_breaches ?? 0)],
            [t("settings.trial.noLonger"), format.number(line.no_longer ?? 0)],
            [t("settings.trial.newly"), format.number(line.newly ?? 0)],
          ]}
        />
      )}
    </TrialPanel>
  );
}
