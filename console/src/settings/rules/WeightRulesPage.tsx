import { Text } from "@mantine/core";
import { IconScale } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/i18n/useFormat";
import { Empty } from "@/shell/Empty";

import { NewLink } from "../shared/NewLink";
import { Page } from "../shared/Page";
import { Rejudging } from "../shared/Rejudging";
import { Rows } from "../shared/Rows";
import { Shown } from "../shared/States";
import { useThings } from "../shared/things";
import { weightRules } from "./rules";

export function WeightRulesPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useThings("weight-rules", weightRules.list);
  return (
    <Page
      title={t("settings.sections.weight-rules")}
      text={t("settings.weight.text")}
      actions={<NewLink section="weight-rules" label={t("settings.rules.new")} />}
    >
      <Shown query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty icon={IconScale} title={t("settings.rules.empty")} text={t("settings.weight.empty")} />
          ) : (
            <Rows
              section="weight-rules"
              label={t("settings.sections.weight-rules")}
              items={items}
              row={({ name, points, per = "ticket", enabled }) => ({
                name,
                note: t(`settings.weight.per.${per}`),
                isOff: enabled === false,
                extra: (
                  <Text size="sm" fw={600}>
                    {points > 0 && "+"}
                    {format.number(points)}
                  </Text>
                ),
              })}
            />
          )
        }
      </Shown>
      <Rejudging />
    </Page>
  );
}
