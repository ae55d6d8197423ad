import { Anchor } from "@mantine/core";
import { IconMapQuestion } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { Empty } from "./Empty";

export function MissingPage() {
  const { t } = useTranslation();
  return (
    <main>
      <Empty icon={IconMapQuestion} title={t("shell.missing")}>
        <Anchor renderRoot={(root) => <Link to="/" {...root} />}>{t("shell.home")}</Anchor>
      </Empty>
    </main>
  );
}
