import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { byName } from "@/lookups/byName";
import { allPages } from "@/lookups/pages";

import { NewLink } from "../shared/NewLink";
import { Page } from "../shared/Page";
import { Rows } from "../shared/Rows";
import { Shown } from "../shared/States";
import { useThings } from "../shared/things";

export function AdministratorsPage() {
  const { t } = useTranslation();
  const query = useThings("administrators", async () =>
    (
      await allPages((cursor) =>
        answer(api.GET("/api/accounts/administrators", { params: { query: { limit: 200, ...cursor } } })),
      )
    ).sort(byName),
  );
  return (
    <Page
      title={t("settings.sections.administrators")}
      text={t("settings.administrators.text")}
      actions={<NewLink section="administrators" label={t("settings.administrators.new")} />}
    >
      <Shown query={query}>
        {(items) => (
          <Rows
            section="administrators"
            label={t("settings.sections.administrators")}
            items={items}
            row={({ name, email, role = "agent", enabled }) => ({
              name,
              note: email,
              isOff: enabled === false,
              extra: (
                <Badge variant="default" size="sm">
                  {t(`roles.${role}`)}
                </Badge>
              ),
            })}
          />
        )}
      </Shown>
    </Page>
  );
}
