import { Select, SegmentedControl, Title } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useDepartments } from "@/lookups/lookups";
import { serverNow } from "@/time/clock";

import { Answers } from "./Answers";
import { Closings } from "./Closings";
import { LoadMap } from "./LoadMap";
import { Now } from "./Now";
import classes from "./overview.module.css";
import { countedOf, PERIODS, type OverviewSearch } from "./period";
import { useFiguresLive } from "./useFigures";

/** How things stand, and how they went: each figure leads to its tickets. */
export function OverviewPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/staff/overview" });
  const counted = countedOf(search, serverNow());
  useFiguresLive();
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <Title order={1}>{t("overview.title")}</Title>
        <Choices search={search} />
      </div>
      <Now department={counted.department_id} />
      <Answers counted={counted} />
      <div className={classes.pair}>
        <LoadMap counted={counted} />
        <Closings counted={counted} />
      </div>
    </div>
  );
}

function Choices({ search }: { search: OverviewSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const departments = useDepartments();
  const set = (change: OverviewSearch) => void navigate({ to: "/overview", search: { ...search, ...change } });
  return (
    <div className={classes.choices}>
      <Select
        size="xs"
        aria-label={t("columns.department")}
        placeholder={t("overview.allDepartments")}
        data={(departments.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={search.department_id ?? null}
        onChange={(id) => set({ department_id: id ?? undefined })}
        clearable
        searchable
      />
      <SegmentedControl
        size="xs"
        aria-label={t("overview.period")}
        data={PERIODS.map((days) => ({ value: String(days), label: t("overview.days", { count: days }) }))}
        value={String(search.days ?? 30)}
        onChange={(value) => set({ days: PERIODS.find((days) => String(days) === value && days !== 30) })}
      />
    </div>
  );
}
