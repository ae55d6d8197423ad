import { Anchor, List, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { TriedRules } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { useDepartments } from "@/lookups/lookups";

import { useTrial } from "../shared/lines";
import { Figures, TrialPanel } from "../shared/TrialPanel";
import { tryRules, type RulesLine } from "./rules";

const WEEK = 7;

/** What all rules, with this one as it is in the form, would have made of the tickets of the last days. */
export function RulesTrial({ rules }: { rules: () => Promise<Omit<TriedRules, "days">> }) {
  const { t } = useTranslation();
  const [days, setDays] = useState(WEEK);
  const { line, ...trial } = useTrial(async (signal) => tryRules({ days, ...(await rules()) }, signal));
  return (
    <TrialPanel
      {...trial}
      text={t("settings.rules.trialText")}
      days={days}
      onDays={setDays}
      progress={line ? { done: line.done, of: line.total } : null}
    >
      {line?.result && <Result result={line.result} />}
    </TrialPanel>
  );
}

function Result({ result }: { result: NonNullable<RulesLine["result"]> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const departments = useDepartments();
  const name = (id: string | null) => departments.data?.find((each) => each.id === id)?.name ?? t("list.noDepartment");
  const counts = ["tickets", "elsewhere", "responsible", "urgency", "tags", "heavier", "lighter"] as const;
  return (
    <>
      <Figures
        figures={[
          ...counts.map((each) => [t(`settings.rules.result.${each}`), format.number(result[each])] as const),
          [
            t("settings.rules.result.average"),
            `${format.number(result.average_points_now)} → ${format.number(result.average_points_then)}`,
          ],
        ]}
      />
      {result.examples.length > 0 && (
        <>
          <Text size="sm" fw={600} mt="sm">
            {t("settings.rules.result.examples")}
          </Text>
          <List size="sm">
            {result.examples.map((each) => (
              <List.Item key={each.ticket_id}>
                <Anchor
                  size="sm"
                  renderRoot={(root) => (
                    <Link to="/tickets/$ticketId" params={{ ticketId: each.ticket_id }} {...root} />
                  )}
                >
                  {name(each.now)} → {name(each.then)}
                </Anchor>
              </List.Item>
            ))}
          </List>
        </>
      )}
    </>
  );
}
