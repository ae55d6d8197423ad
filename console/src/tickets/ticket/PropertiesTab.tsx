import { Select, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { TicketRight } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { useAdministrators, useDepartments, useOpenCategories, useProjects, type Choice } from "@/lookups/lookups";
import { usePast, useShownInstant } from "@/tickets/past/usePast";
import { useOpenHours } from "@/time/useOpenHours";
import { figuresAt } from "@/tickets/list/figures";
import { undoAssign, undoEdit, undoTransfer } from "@/tickets/shared/undoing";
import { useUndo } from "@/tickets/shared/useUndo";
import { RemainingTime } from "@/tickets/shared/RemainingTime";
import { WeightBreakdown } from "@/tickets/shared/WeightBreakdown";

import { commands, type Edit } from "./commands";
import classes from "./ticket.module.css";
import type { Opened } from "./reading";
import { useCommand } from "./useTicket";

/** What the ticket is about and whose it is; each change counts at once. */
export function PropertiesTab({ opened }: { opened: Opened }) {
  const { t } = useTranslation();
  const { ticket } = opened;
  const { mutateAsync, isPending } = useCommand(ticket.id);
  const lookups = { departments: useDepartments(), administrators: useAdministrators(), projects: useProjects() };
  const categories = useOpenCategories(ticket.account.id);
  const undoable = useUndo();
  const edit = (change: Edit) =>
    undoable(
      mutateAsync(() => commands.edit(opened, change)),
      t("undo.edited"),
      undoEdit(opened, change),
    );
  const assign = (id: string | null) =>
    undoable(
      mutateAsync(() => commands.assign(opened, id)),
      t("undo.assigned"),
      undoAssign(ticket, id),
    );
  const transfer = (id: string) =>
    undoable(
      mutateAsync(() => commands.transfer(opened, id)),
      t("undo.transferred"),
      undoTransfer(ticket, id),
    );
  const isPast = usePast() !== undefined;
  const may = (right: TicketRight) => ({
    size: "sm",
    readOnly: isPast,
    disabled: !isPast && (isPending || !ticket.rights.includes(right)),
  });
  const fixed = may("answer");
  const assigned = { ...may("assign"), searchable: !isPast };
  return (
    <div className={classes.fields}>
      <Figures opened={opened} />
      <Subject
        key={ticket.subject}
        value={ticket.subject}
        disabled={fixed.disabled}
        readOnly={isPast}
        onChange={(subject) => edit({ subject })}
      />
      <Select
        {...assigned}
        label={t("columns.responsible")}
        placeholder={t("actions.backToDepartment")}
        clearable
        data={options(lookups.administrators.data, ticket.responsible)}
        value={ticket.responsible?.id ?? null}
        onChange={assign}
      />
      <Select
        {...assigned}
        label={t("columns.department")}
        allowDeselect={false}
        data={options(lookups.departments.data, ticket.department)}
        value={ticket.department?.id ?? null}
        onChange={(id) => id !== null && transfer(id)}
      />
      <Select
        {...fixed}
        label={t("columns.category")}
        allowDeselect={false}
        data={options(categories.data, ticket.category)}
        value={ticket.category.id}
        onChange={(id) => id !== null && edit({ category_id: id })}
      />
      <Select
        {...fixed}
        label={t("filters.urgency")}
        allowDeselect={false}
        data={(["high", "medium", "low"] as const).map((value) => ({ value, label: t(`urgency.${value}`) }))}
        value={ticket.urgency}
        onChange={(urgency) => urgency !== null && edit({ urgency: urgency })}
      />
      <Select
        {...fixed}
        label={t("columns.project")}
        clearable
        data={options(lookups.projects.data, ticket.project)}
        value={ticket.project?.id ?? null}
        onChange={(id) => edit({ project_id: id })}
      />
      <TagsInput
        {...fixed}
        label={t("filters.tag")}
        maxTags={20}
        value={ticket.tags}
        onChange={(tags) => edit({ tags })}
      />
    </div>
  );
}

function Figures({ opened }: { opened: Opened }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useShownInstant();
  const hours = useOpenHours();
  const { ticket } = opened;
  const figures = figuresAt(opened, now, hours.get(ticket.department?.id ?? ""));
  return (
    <dl className={classes.facts}>
      <dt>{t("columns.weight")}</dt>
      <dd>
        <WeightBreakdown ticketId={ticket.id} minutes={figures.minutesWaiting}>
          {format.number(figures.weight)}
        </WeightBreakdown>
      </dd>
      <dt>{t("columns.delay")}</dt>
      <dd>{figures.delay === null ? t("ticket.notWaiting") : format.duration(figures.delay)}</dd>
      <dt>{t("columns.remaining")}</dt>
      <dd>
        {figures.remaining === null ? t("ticket.noDeadline") : <RemainingTime ticket={ticket} figures={figures} />}
      </dd>
      <dt>{t("ticket.opened")}</dt>
      <dd title={format.exact(ticket.opened_at)}>{format.instant(ticket.opened_at)}</dd>
    </dl>
  );
}

function Subject({
  value,
  disabled,
  readOnly,
  onChange,
}: {
  value: string;
  disabled: boolean;
  readOnly: boolean;
  onChange: (subject: string) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const done = () => {
    if (text.trim() === "") setText(value);
    else if (text.trim() !== value) onChange(text.trim());
  };
  return (
    <TextInput
      size="sm"
      label={t("columns.subject")}
      maxLength={200}
      disabled={disabled}
      readOnly={readOnly}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
    />
  );
}

/** What may be chosen, and what is set, should it not be among that any more. */
function options(choices: Choice[] | undefined, present: { id: string; name: string | null } | null) {
  const found = (choices ?? [])
    .filter((each) => each.enabled !== false || each.id === present?.id)
    .map((each) => ({ value: each.id, label: each.name }));
  if (present && !found.some((each) => each.value === present.id))
    found.unshift({ value: present.id, label: present.name ?? "…" });
  return found;
}
