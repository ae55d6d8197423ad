import { useTranslation } from "react-i18next";

import {
  useAdministrators,
  useCategories,
  useDepartments,
  useGroups,
  useProjects,
  type Choice,
} from "@/lookups/lookups";

import { ME, MINE, NOBODY, type Several } from "./filters";

export interface Option {
  value: string;
  label: string;
}

/** What a filter may be set to, by the names that people know. */
export function useChoicesFor(name: Several): Option[] {
  const { t } = useTranslation();
  const named = useNamed(name);
  switch (name) {
    case "urgency":
      return (["high", "medium", "low"] as const).map((value) => ({ value, label: t(`urgency.${value}`) }));
    case "attitude":
      return (["good", "neutral", "bad"] as const).map((value) => ({ value, label: t(`attitude.${value}`) }));
    case "channel":
      return (["panel", "email", "api"] as const).map((value) => ({ value, label: t(`channel.${value}`) }));
    case "category_id":
    case "tag":
      return named;
    case "responsible_id":
      return [{ value: ME, label: t("filters.me") }, { value: NOBODY, label: t("filters.nobody") }, ...named];
    case "department_id":
      return [{ value: MINE, label: t("filters.mine") }, { value: NOBODY, label: t("filters.none") }, ...named];
    default:
      return [{ value: NOBODY, label: t("filters.none") }, ...named];
  }
}

function useNamed(name: Several): Option[] {
  const lookups: Partial<Record<Several, Choice[] | undefined>> = {
    department_id: useDepartments().data,
    responsible_id: useAdministrators().data,
    category_id: useCategories().data,
    project_id: useProjects().data,
    group_id: useGroups().data,
  };
  return (lookups[name] ?? []).map((each) => ({ value: each.id, label: each.name }));
}
