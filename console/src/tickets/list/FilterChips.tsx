import { CloseButton } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/i18n/useFormat";
import { useAccount, useUser } from "@/lookups/lookups";

import { useChoicesFor } from "./choices";
import { FLAGS, SEVERAL, SINGLE, type FilterName, type Several, type Single } from "./filters";
import classes from "./list.module.css";
import { without, type ListSearch } from "./search";

/** What the list is narrowed to, each with a way to undo it. */
export function FilterChips({ search }: { search: ListSearch }) {
  const { t } = useTranslation();
  const flags = FLAGS.filter((name) => search[name] !== undefined);
  const several = SEVERAL.filter((name) => search[name] !== undefined);
  const single = SINGLE.filter((name) => search[name] !== undefined);
  if (flags.length + several.length + single.length === 0 && search.state === undefined) return null;
  return (
    <div className={classes.chips} role="group" aria-label={t("filters.active")}>
      {search.state && <Chip name="state" search={search} text={t(`filters.states.${search.state}`)} />}
      {flags.map((name) => (
        <Chip
          key={name}
          name={name}
          search={search}
          text={search[name] ? t(`filters.${name}`) : t("filters.not", { what: t(`filters.${name}`) })}
        />
      ))}
      {several.map((name) => (
        <SeveralChip key={name} name={name} search={search} />
      ))}
      {single.map((name) => (
        <SingleChip key={name} name={name} search={search} />
      ))}
    </div>
  );
}

function Chip({ name, search, text }: { name: FilterName; search: ListSearch; text: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <span className={classes.chip}>
      {text}
      <CloseButton
        size="xs"
        aria-label={t("filters.remove", { filter: text })}
        onClick={() => void navigate({ to: "/tickets", search: without(search, name) })}
      />
    </span>
  );
}

function SeveralChip({ name, search }: { name: Several; search: ListSearch }) {
  const { t } = useTranslation();
  const choices = useChoicesFor(name);
  const named = (search[name] ?? []).map((value) => choices.find((each) => each.value === value)?.label ?? value);
  return <Chip name={name} search={search} text={`${t(`filters.${name}`)}: ${named.join(", ")}`} />;
}

function SingleChip({ name, search }: { name: Single; search: ListSearch }) {
  const { t } = useTranslation();
  const format = useFormat();
  const account = useAccount(name === "account_id" ? search.account_id : undefined);
  const user = useUser(name === "user_id" ? search.user_id : undefined);
  const value = search[name] ?? "";
  const texts: Partial<Record<Single, string>> = {
    account_id: account.data?.name ?? "…",
    user_id: user.data?.name ?? "…",
    text: `“${value}”`,
  };
  const text = texts[name] ?? format.instant(value);
  return <Chip name={name} search={search} text={`${t(`filters.${name}`)}: ${text}`} />;
}
