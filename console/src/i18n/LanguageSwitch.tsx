import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { chooseLanguage, LANGUAGES, type Language } from ".";

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("common.language")}
      value={i18n.language}
      onChange={(language) => void chooseLanguage(language as Language)}
      data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
    />
  );
}
