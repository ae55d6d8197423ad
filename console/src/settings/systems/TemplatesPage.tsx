import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Template } from "@/api/types";
import { useProjects } from "@/lookups/lookups";

import { Page } from "../shared/Page";
import { Rows } from "../shared/Rows";
import { Shown } from "../shared/States";
import { useThings } from "../shared/things";
import { addressOf, listTemplates, type TemplateKind } from "./templates";

export function TemplatesPage() {
  const { t, i18n } = useTranslation();
  const projects = useProjects();
  const query = useThings("templates", listTemplates);
  const languages = new Intl.DisplayNames(i18n.language, { type: "language" });
  const note = ({ language, project_id, subject }: Template) =>
    [languages.of(language), projects.data?.find((each) => each.id === project_id)?.name, subject]
      .filter(Boolean)
      .join(" · ");
  return (
    <Page title={t("settings.sections.templates")} text={t("settings.templates.text")}>
      <Shown query={query}>
        {(items) => (
          <Rows
            section="templates"
            label={t("settings.sections.templates")}
            items={items.map((each) => ({ ...each, id: addressOf(each), isOwn: each.id != null }))}
            row={(each) => ({
              name: t(`settings.templates.kinds.${each.kind as TemplateKind}`),
              note: note(each),
              extra: each.isOwn ? (
                <Badge variant="light" size="sm">
                  {t("settings.templates.own")}
                </Badge>
              ) : undefined,
            })}
          />
        )}
      </Shown>
    </Page>
  );
}
