/** Fields that several forms have. */
import { MultiSelect, PasswordInput, Select, Switch, type MultiSelectProps, type SelectProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Choice } from "@/lookups/lookups";

type One = Omit<SelectProps, "data" | "value" | "onChange"> & {
  choices: Choice[] | undefined;
  value?: string | null;
  onChange?: (id: string | null) => void;
};

/** One of the things there are; those that are off are offered only if they are set already. */
export function Pick({ choices, value = null, ...rest }: One) {
  const { t } = useTranslation();
  return (
    <Select
      {...rest}
      value={value}
      data={offered(choices, value === null ? [] : [value])}
      searchable
      nothingFoundMessage={t("filters.nothingFound")}
    />
  );
}

type Many = Omit<MultiSelectProps, "data" | "value" | "onChange"> & {
  choices: Choice[] | undefined;
  value?: string[];
  onChange?: (ids: string[]) => void;
};

export function PickMany({ choices, value = [], ...rest }: Many) {
  const { t } = useTranslation();
  return (
    <MultiSelect
      {...rest}
      value={value}
      data={offered(choices, value)}
      searchable
      hidePickedOptions
      nothingFoundMessage={t("filters.nothingFound")}
    />
  );
}

function offered(choices: Choice[] | undefined, set: string[]) {
  const found = (choices ?? [])
    .filter((each) => each.enabled !== false || set.includes(each.id))
    .map((each) => ({ value: each.id, label: each.name }));
  const known = new Set(found.map((each) => each.value));
  return [...set.filter((id) => !known.has(id)).map((id) => ({ value: id, label: "…" })), ...found];
}

/** Whether something is in use; nothing is ever deleted that tickets may name. */
export function Enabled({ note, ...rest }: { note?: string; checked?: boolean }) {
  const { t } = useTranslation();
  return <Switch {...rest} label={t("settings.enabled")} description={note} />;
}

export function NewPassword({ isNew, required, ...rest }: { isNew: boolean; required: boolean }) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      {...rest}
      required={required}
      autoComplete="new-password"
      label={isNew ? t("session.password") : t("settings.newPassword")}
      description={
        isNew ? (required ? t("settings.passwordRule") : t("settings.passwordLater")) : t("settings.passwordKept")
      }
      visibilityToggleButtonProps={{ "aria-label": t("session.showPassword") }}
    />
  );
}
