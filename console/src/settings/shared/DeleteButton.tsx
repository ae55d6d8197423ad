import { Button, Group, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { Section } from "../sections";
import { useForget } from "./things";

interface Props {
  section: Section;
  name: string;
  /** What it does, where "Delete" is not the word. */
  label?: string;
  text?: string;
  remove: () => Promise<unknown>;
  onDeleted: () => Promise<void> | void;
}

/** Deletes after a question that cancelling leaves everything as it was. */
export function DeleteButton({ section, name, label, text, remove, onDeleted }: Props) {
  const { t } = useTranslation();
  const [isOpen, question] = useDisclosure(false);
  const forget = useForget(section);
  const word = label ?? t("actions.delete");
  const removing = useMutation({
    mutationFn: remove,
    onSettled: question.close,
    onSuccess: async () => {
      await onDeleted();
      await forget();
    },
  });
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        ml="auto"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={question.open}
      >
        {word}
      </Button>
      <Modal
        opened={isOpen}
        onClose={question.close}
        title={t("settings.sure", { what: word, name })}
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        {text && <Text size="sm">{text}</Text>}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={question.close} data-autofocus>
            {t("common.cancel")}
          </Button>
          <Button color="red" loading={removing.isPending} onClick={() => removing.mutate()}>
            {word}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
