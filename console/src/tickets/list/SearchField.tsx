import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useShortcut } from "@/shell/shortcuts";

import { without, type ListSearch } from "./search";

const LONGEST = 200;

/** Looks for words of messages, parts of subjects and names, and numbers, within the list. */
export function SearchField({ search }: { search: ListSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(search.text ?? "");
  useShortcut({
    keys: ["s"],
    label: t("search.label"),
    group: t("shortcuts.list"),
    run: () => field.current?.focus(),
  });
  const look = (wanted: string) => {
    const found = wanted.trim();
    if (found === (search.text ?? "")) return;
    const next = found === "" ? without(search, "text") : { ...search, text: found };
    void navigate({ to: "/tickets", search: { ...next, at: undefined } });
  };
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        look(text);
      }}
    >
      <TextInput
        ref={field}
        size="xs"
        w={230}
        maxLength={LONGEST}
        aria-label={t("search.label")}
        placeholder={t("search.label")}
        leftSection={<IconSearch size={15} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => look(text)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          setText(search.text ?? "");
          event.currentTarget.blur();
        }}
        rightSection={
          text !== "" && (
            <CloseButton
              size="xs"
              aria-label={t("search.clear")}
              onClick={() => {
                setText("");
                look("");
              }}
            />
          )
        }
      />
    </form>
  );
}
