import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const PAUSE_MILLISECONDS = 250;

/** Narrows a list by a part of the name, once somebody pauses. */
export function NameFilter({ value, onChange }: { value: string; onChange: (name: string | undefined) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const tell = useDebouncedCallback((name: string) => onChange(name.trim() === "" ? undefined : name.trim()), {
    delay: PAUSE_MILLISECONDS,
  });
  return (
    <TextInput
      type="search"
      flex={1}
      miw={180}
      label={t("settings.findByName")}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}
