import { IconUsersGroup } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { byName } from "@/lookups/byName";
import { useAdministrators } from "@/lookups/lookups";
import { allPages } from "@/lookups/pages";
import { Empty } from "@/shell/Empty";

import { NewLink } from "../shared/NewLink";
import { Page } from "../shared/Page";
import { Rows } from "../shared/Rows";
import { Shown } from "../shared/States";
import { useThings } from "../shared/things";

export function DepartmentsPage() {
  const { t } = useTranslation();
  const staff = useAdministrators();
  const query = useThings("departments", async () =>
    (
      await allPages((cursor) =>
        answer(api.GET("/api/routing/departments", { params: { query: { limit: 200, ...cursor } } })),
      )
    ).sort(byName),
  );
  const headOf = (id: string | null | undefined) => staff.data?.find((each) => each.id === id)?.name;
  return (
    <Page
      title={t("settings.sections.departments")}
      text={t("settings.departments.text")}
      actions={<NewLink section="departments" label={t("settings.departments.new")} />}
    >
      <Shown query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty
              icon={IconUsersGroup}
              title={t("settings.departments.empty")}
              text={t("settings.departments.text")}
            />
          ) : (
            <Rows
              section="departments"
              label={t("settings.sections.departments")}
              items={items}
              row={({ name, head_id, member_ids = [], enabled }) => ({
                name,
                note: [headOf(head_id), t("settings.departments.members", { count: member_ids.length })]
                  .filter(Boolean)
                  .join(" · "),
                isOff: enabled === false,
              })}
            />
          )
        }
      </Shown>
    </Page>
  );
}
