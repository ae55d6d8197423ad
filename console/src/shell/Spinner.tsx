import { Loader, type LoaderProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** Something is on its way; said to those, too, who do not see it turn. */
export function Spinner(look: Pick<LoaderProps, "size" | "m">) {
  const { t } = useTranslation();
  return <Loader role="status" aria-label={t("common.loading")} {...look} />;
}
