import { IconHourglass } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { Target, TargetsInForce } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { Empty } from "@/shell/Empty";

import { WaitsTrial } from "../hours/WaitsTrial";
import { History } from "../shared/History";
import { NewLink } from "../shared/NewLink";
import { Page } from "../shared/Page";
import { moved } from "../shared/placing";
import { Sortable } from "../shared/Sortable";
import { SortableRow } from "../shared/SortableRow";
import { Shown } from "../shared/States";
import { useForget, useThings } from "../shared/things";
import { putTargets, readTargets, readTargetsHistory } from "./targets";

export function TargetsPage() {
  const { t } = useTranslation();
  const query = useThings("targets", async () => (await readTargets()).data);
  return (
    <Page
      title={t("settings.sections.targets")}
      text={t("settings.targets.text")}
      actions={<NewLink section="targets" label={t("settings.targets.new")} />}
    >
      <Shown query={query}>
        {(present) =>
          present.targets.length === 0 ? (
            <Empty icon={IconHourglass} title={t("settings.targets.empty")} text={t("settings.targets.emptyText")} />
          ) : (
            <List present={present} />
          )
        }
      </Shown>
      <TargetsHistory />
    </Page>
  );
}

function List({ present }: { present: TargetsInForce }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const forget = useForget("targets");
  const noteOf = useNote();
  const { mutate } = useMutation({
    mutationFn: (targets: Target[]) => putTargets(present, targets),
    onMutate: (targets) => queries.setQueryData(["settings", "targets", "all"], { ...present, targets }),
    onSettled: forget,
  });
  return (
    <Sortable
      label={t("settings.sections.targets")}
      items={present.targets}
      onMove={(from, to) => mutate(moved(present.targets, from, to))}
      row={(target) => <SortableRow section="targets" id={target.id} name={target.name} note={noteOf(target)} />}
    />
  );
}

/** Which list was in force from when on, and who set it. */
function TargetsHistory() {
  const noteOf = useNote();
  return (
    <History
      section="targets"
      id="list"
      read={async (cursor) => {
        const page = await readTargetsHistory(cursor);
        const items = page.items.map((item) => {
          const changes = (item.targets as unknown as Target[]).map((each) => ({
            field: each.name,
            after: noteOf(each),
          }));
          const all = changes.length > 0 ? changes : [{ field: "targets", after: [] }];
          return { ...item, type: "target_list.changed.v1", changes: all };
        });
        return { items, next_cursor: page.next_cursor };
      }}
    />
  );
}

function useNote() {
  const { t } = useTranslation();
  const format = useFormat();
  return (target: Target) =>
    (
      [
        ["first", target.first_response_seconds],
        ["next", target.next_response_seconds],
        ["resolution", target.resolution_seconds],
      ] as const
    )
      .flatMap(([what, seconds]) =>
        seconds == null ? [] : [`${t(`settings.targets.${what}`)}: ${format.duration(seconds)}`],
      )
      .join(" · ");
}

/** What the list as it would be makes of the waits of the last days. */
export function TargetsTrial({ targets }: { targets: () => (Omit<Target, "id"> & { id?: string })[] }) {
  const { t } = useTranslation();
  return <WaitsTrial text={t("settings.targets.trialText")} change={() => ({ targets: { targets: targets() } })} />;
}
