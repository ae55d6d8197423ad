import { Button, CopyButton, Group, Modal, Text, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { MessageView } from "./Conversation";
import type { Opened } from "./reading";
import classes from "./ticket.module.css";
import type { Writing } from "./useWriting";

interface Props {
  /** When one began to write: what was said later, the draft does not know of. */
  since: number;
  writing: Writing;
  opened: Opened;
  onClose: () => void;
}

/** What was said while one wrote, beside what one wrote. The draft can be mended here, and taken on. */
export function CompareDialog({ since, writing, opened, onClose }: Props) {
  const { t } = useTranslation();
  const { ticket } = opened;
  const meanwhile = ticket.messages.filter((message) => Date.parse(message.at) > since);
  const holder = ticket.block?.holder.name;
  const takeOn = async () => {
    await writing.take();
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t("compare.title")} size={1000}>
      <div className={classes.compared}>
        <section aria-label={t("compare.meanwhile")}>
          <Text fw={600} size="sm" mb={6}>
            {t("compare.meanwhile")}
          </Text>
          <div className={classes.meanwhile}>
            {meanwhile.map((message) => (
              <MessageView key={message.id} message={message} ticketId={ticket.id} />
            ))}
            {meanwhile.length === 0 && (
              <Text size="sm" c="dimmed">
                {t("compare.nothing")}
              </Text>
            )}
            {ticket.state === "closed" && <Text size="sm">{t("compare.closed")}</Text>}
          </div>
        </section>
        <Textarea
          label={t("compare.draft")}
          autosize
          minRows={8}
          maxRows={20}
          value={writing.text}
          onChange={(event) => writing.write(event.currentTarget.value)}
        />
      </div>
      <Group justify="flex-end" mt="md">
        <CopyButton value={writing.text}>
          {({ copied, copy }) => (
            <Button variant="subtle" color="gray" onClick={copy}>
              {t(copied ? "compare.copied" : "compare.copy")}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={onClose}>
          {t("compare.keep")}
        </Button>
        <Button disabled={holder !== undefined} onClick={() => void takeOn()}>
          {holder === undefined ? t("block.takeAgain") : t("block.others", { name: holder })}
        </Button>
      </Group>
    </Modal>
  );
}
