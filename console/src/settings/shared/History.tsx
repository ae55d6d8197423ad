import { Button, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { saidFor } from "@/i18n";
import { useFormat } from "@/i18n/useFormat";
import { Failed } from "@/shell/Failed";

import type { Section } from "../sections";
import classes from "../settings.module.css";
import { actorOf, shownValue } from "@/lookups/changes";
import { ShowMore } from "./ShowMore";
import { Loading } from "./States";
import { useNames } from "./useNames";
import { usePages } from "./usePages";

export interface Happened {
  type: string;
  at: string;
  actor: string;
  on_behalf_of: string | null;
  /** Without what was before, where the history tells what was in force from then on. */
  changes: { field: string; before?: unknown; after?: unknown }[];
}

interface HistoryPage {
  items: Happened[];
  next_cursor: string | null;
  /** What those are called that are mentioned by id, where the service says so. */
  names?: Record<string, string>;
}

interface Props {
  section: Section;
  id: string;
  read: (cursor: { cursor?: string }) => Promise<HistoryPage>;
}

/** Who made what of a thing: when, and from what to what. Asked for once somebody wants to see it. */
export function History(props: Props) {
  const { t } = useTranslation();
  const [isOpen, { toggle }] = useDisclosure(false);
  const Sign = isOpen ? IconChevronUp : IconChevronDown;
  return (
    <section className={classes.card} aria-label={t("settings.history.title")}>
      <div className={classes.line}>
        <Title order={2} flex={1}>
          {t("settings.history.title")}
        </Title>
        <Button
          size="xs"
          variant="subtle"
          aria-expanded={isOpen}
          rightSection={<Sign size={14} aria-hidden />}
          onClick={toggle}
        >
          {t(isOpen ? "settings.history.hide" : "settings.history.show")}
        </Button>
      </div>
      {isOpen && <Entries {...props} />}
    </section>
  );
}

function Entries({ section, id, read }: Props) {
  const { t } = useTranslation();
  const pages = usePages(section, { history: id }, read);
  const known = useNames();
  const names = Object.assign({}, known, ...(pages.data?.pages.map((page) => page.names) ?? [])) as typeof known;
  if (pages.isLoading) return <Loading rows={2} />;
  if (pages.error) return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  return (
    <>
      <ol className={classes.history} aria-label={t("settings.history.title")}>
        {pages.items.map((entry, place) => (
          <Entry key={place} entry={entry} names={names} />
        ))}
      </ol>
      <ShowMore pages={pages} />
    </>
  );
}

function Entry({ entry, names }: { entry: Happened; names: Readonly<Record<string, string>> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = (value: unknown) =>
    typeof value === "boolean"
      ? t(value ? "filters.flag.yes" : "filters.flag.no")
      : shownValue(value, names, format.instant);
  const whom = entry.on_behalf_of === null ? null : actorOf(entry.on_behalf_of, names);
  const what = /\.(\w+)\.v\d+$/.exec(entry.type)?.[1] ?? "";
  return (
    <li>
      <Text size="sm">
        <b>{actorOf(entry.actor, names) ?? t("history.system")}</b>
        {whom !== null && ` ${t("history.for", { name: whom })}`}{" "}
        {saidFor(`settings.history.did.${what}`) ?? entry.type}
        <Text span size="xs" c="dimmed" title={format.exact(entry.at)} ml={8}>
          {format.instant(entry.at)}
        </Text>
      </Text>
      <dl className={classes.facts}>
        {entry.changes.map(({ field, before, after }) => (
          <div key={field}>
            <dt>{saidFor(`settings.history.fields.${field}`) ?? field}</dt>
            <dd>
              {before !== undefined && `${shown(before)} → `}
              {shown(after)}
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}
