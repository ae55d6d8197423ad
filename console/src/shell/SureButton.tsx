import { Button, Group, Modal, Text, TextInput, type ButtonProps } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface Props<R> extends ButtonProps {
  label: string;
  /** What is asked, and what comes of it. */
  title: string;
  text?: string | undefined;
  /** What has to be typed first, where a slip would be dear. */
  typed?: string;
  run: () => Promise<R>;
  onDone: (result: R) => Promise<void> | void;
}

/** Does something after a question that cancelling leaves everything as it was. */
export function SureButton<R>({ label, title, text, typed, run, onDone, ...look }: Props<R>) {
  const { t } = useTranslation();
  const [isOpen, question] = useDisclosure(false);
  const [word, setWord] = useState("");
  const running = useMutation({ mutationFn: run, onSettled: question.close, onSuccess: onDone });
  const ask = () => {
    setWord("");
    question.open();
  };
  return (
    <>
      <Button variant="subtle" color="red" {...look} onClick={ask}>
        {label}
      </Button>
      <Modal
        opened={isOpen}
        onClose={question.close}
        title={title}
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        {text && <Text size="sm">{text}</Text>}
        {typed !== undefined && (
          <TextInput
            mt="md"
            autoComplete="off"
            label={t("common.typeToGoOn", { word: typed })}
            value={word}
            onChange={(event) => setWord(event.currentTarget.value)}
            data-autofocus
          />
        )}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={question.close} data-autofocus={typed === undefined || undefined}>
            {t("common.cancel")}
          </Button>
          <Button
            color={look.color ?? "red"}
            disabled={typed !== undefined && word.trim() !== typed.trim()}
            loading={running.isPending}
            onClick={() => running.mutate()}
          >
            {label}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
