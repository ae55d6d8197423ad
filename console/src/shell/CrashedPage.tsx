import { Button } from "@mantine/core";
import { IconBug } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { Empty } from "./Empty";

/** Our own fault. */
export function CrashedPage({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <main>
      <Empty icon={IconBug} title={t("shell.crashed")} text={error instanceof Error ? error.message : ""}>
        <Button onClick={() => location.reload()}>{t("shell.reload")}</Button>
      </Empty>
    </main>
  );
}
