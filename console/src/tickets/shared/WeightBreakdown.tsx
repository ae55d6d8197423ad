import { HoverCard, Text, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { useFormat } from "@/i18n/useFormat";
import { Spinner } from "@/shell/Spinner";
import { asOf, ticketKey, usePast } from "@/tickets/past/usePast";

import classes from "./shared.module.css";

interface Props {
  ticketId: string;
  minutes: number;
  /** -1 in a grid, whose rows are what one walks through. */
  tabIndex?: number;
  children: ReactNode;
}

/** A weight; on hover, what it is made of. */
export function WeightBreakdown({ ticketId, minutes, tabIndex = 0, children }: Props) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <HoverCard openDelay={250} withArrow shadow="md" onOpen={() => setOpen(true)} onClose={() => setOpen(false)}>
      <HoverCard.Target>
        <UnstyledButton className={classes.figure} tabIndex={tabIndex}>
          {children}
        </UnstyledButton>
      </HoverCard.Target>
      <HoverCard.Dropdown>
        <Text size="sm" fw={650} mb={6}>
          {t("weight.title")}
        </Text>
        {isOpen && <Parts ticketId={ticketId} minutes={minutes} />}
      </HoverCard.Dropdown>
    </HoverCard>
  );
}

function Parts({ ticketId, minutes }: { ticketId: string; minutes: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const past = usePast();
  const { data } = useQuery({
    queryKey: [...ticketKey(ticketId, past), "weight"],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/query/tickets/{ticket_id}/weight", {
          params: { path: { ticket_id: ticketId }, query: asOf(past) },
          signal,
        }),
      ),
  });
  if (!data) return <Spinner size="xs" />;
  return (
    <dl className={classes.breakdown}>
      {data.rules.map((rule) => (
        <Part key={rule.rule_id} name={rule.name} value={format.number(rule.points)} />
      ))}
      <Part name={t("weight.minutes")} value={format.number(minutes)} />
      <dt className={classes.total}>{t("columns.weight")}</dt>
      <dd className={classes.total}>{format.number(data.points + minutes)}</dd>
    </dl>
  );
}

function Part({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
