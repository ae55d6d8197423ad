import type { ButtonProps } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { SureButton } from "@/shell/SureButton";

import type { Section } from "../sections";
import { useForget } from "./things";

interface Props extends Pick<ButtonProps, "ml"> {
  section: Section;
  name: string;
  /** What it does, where "Delete" is not the word. */
  label?: string;
  text?: string;
  /** What has to be typed first, where a slip would be dear. */
  typed?: string;
  remove: () => Promise<unknown>;
  onDeleted: () => Promise<void> | void;
}

/** Deletes after a question that cancelling leaves everything as it was. */
export function DeleteButton({ section, name, label, remove, onDeleted, ...rest }: Props) {
  const { t } = useTranslation();
  const forget = useForget(section);
  const word = label ?? t("actions.delete");
  return (
    <SureButton
      ml="auto"
      {...rest}
      leftSection={<IconTrash size={16} aria-hidden />}
      label={word}
      title={t("settings.sure", { what: word, name })}
      run={remove}
      onDone={async () => {
        await onDeleted();
        await forget();
      }}
    />
  );
}
