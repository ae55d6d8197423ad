import { Alert, Button, CopyButton, Group } from "@mantine/core";
import { IconCheck, IconCopy, IconKey } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Section } from "../sections";
import classes from "../settings.module.css";

/** A secret that is shown this once: it is kept nowhere here. */
export function SecretShown({ secret, text, back }: { secret: string; text: string; back: Section }) {
  const { t } = useTranslation();
  return (
    <div className={classes.card}>
      <Alert variant="light" color="orange" icon={<IconKey size={18} />} role="status" c="var(--ink)">
        {text}
      </Alert>
      <code className={classes.secret} data-testid="secret">
        {secret}
      </code>
      <Group>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button
              variant="light"
              leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
              onClick={copy}
            >
              {copied ? t("settings.copied") : t("settings.copy")}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" renderRoot={(root) => <Link to={`/settings/${back}`} {...root} />}>
          {t("settings.done")}
        </Button>
      </Group>
    </div>
  );
}
