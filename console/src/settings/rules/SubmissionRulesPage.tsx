import { IconRoute } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { SubmissionRule } from "@/api/types";
import { useAdministrators, useDepartments } from "@/lookups/lookups";
import { Empty } from "@/shell/Empty";

import { NewLink } from "../shared/NewLink";
import { Page } from "../shared/Page";
import { Rejudging } from "../shared/Rejudging";
import { Sortable } from "../shared/Sortable";
import { SortableRow } from "../shared/SortableRow";
import { Shown } from "../shared/States";
import { useThings } from "../shared/things";
import { useOrder } from "../shared/useOrder";
import { submissionRules } from "./rules";

export function SubmissionRulesPage() {
  const { t } = useTranslation();
  const query = useThings("submission-rules", submissionRules.list);
  return (
    <Page
      title={t("settings.sections.submission-rules")}
      text={t("settings.submission.text")}
      actions={<NewLink section="submission-rules" label={t("settings.rules.new")} />}
    >
      <Shown query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty icon={IconRoute} title={t("settings.rules.empty")} text={t("settings.submission.empty")} />
          ) : (
            <Ordered items={items} />
          )
        }
      </Shown>
      <Rejudging />
    </Page>
  );
}

function Ordered({ items }: { items: SubmissionRule[] }) {
  const { t } = useTranslation();
  const gives = useGives();
  const { shown, move } = useOrder("submission-rules", items, submissionRules.place);
  return (
    <Sortable
      label={t("settings.sections.submission-rules")}
      items={shown}
      onMove={move}
      row={(rule) => (
        <SortableRow
          section="submission-rules"
          id={rule.id}
          name={rule.name}
          note={gives(rule)}
          isOff={rule.enabled === false}
        />
      )}
    />
  );
}

/** What becomes of a ticket that meets the rule, in a line. */
function useGives() {
  const { t } = useTranslation();
  const departments = useDepartments();
  const staff = useAdministrators();
  return ({ then: { department_id, responsible, urgency, tags = [] } }: SubmissionRule) =>
    [
      departments.data?.find((each) => each.id === department_id)?.name,
      responsible?.by === "fixed"
        ? staff.data?.find((each) => each.id === responsible.administrator_id)?.name
        : responsible && t(`settings.submission.by.${responsible.by}`),
      urgency && t(`urgency.${urgency}`),
      tags.join(", "),
    ]
      .filter(Boolean)
      .join(" · ");
}
