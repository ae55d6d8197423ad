import { Button } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { Empty } from "./Empty";
import { wordsOf } from "./problemNotice";

/** In place of what could not be read. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useTranslation();
  return (
    <Empty icon={IconCloudOff} title={t("problems.title")} text={wordsOf(error)}>
      <Button variant="default" onClick={retry}>
        {t("common.retry")}
      </Button>
    </Empty>
  );
}
