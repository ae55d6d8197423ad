import { Select, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { Failed } from "@/shell/Failed";

import classes from "../settings.module.css";
import hoursClasses from "./hours.module.css";

interface Props {
  country: string | null;
  subdivision: string | null;
  onChange: (country: string | null, subdivision: string | null) => void;
}

/** Closed on public holidays: whose, and which that are in the coming year. */
export function HolidaysField({ country, subdivision, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const regions = useQuery({
    queryKey: ["settings", "regions"],
    queryFn: async () => (await answer(api.GET("/api/sla/public-holidays"))).items,
    staleTime: Infinity,
  });
  const names = new Intl.DisplayNames(i18n.language, { type: "region" });
  const nameOf = (code: string) => names.of(code) ?? code;
  const parts = regions.data?.find((each) => each.country === country)?.subdivisions ?? [];
  const countries = (regions.data ?? []).map((each) => ({ value: each.country, label: nameOf(each.country) }));
  return (
    <section className={classes.card} aria-label={t("settings.hours.holidays")}>
      <div>
        <Title order={2}>{t("settings.hours.holidays")}</Title>
        <Text size="sm" c="dimmed">
          {t("settings.hours.holidaysText")}
        </Text>
      </div>
      <div className={classes.pair}>
        <Select
          searchable
          clearable
          label={t("settings.hours.country")}
          placeholder={t("settings.hours.noCountry")}
          nothingFoundMessage={t("filters.nothingFound")}
          data={countries.sort((a, b) => a.label.localeCompare(b.label, i18n.language))}
          value={country}
          onChange={(next) => onChange(next, null)}
        />
        {parts.length > 0 && (
          <Select
            searchable
            clearable
            label={t("settings.hours.subdivision")}
            placeholder={t("settings.hours.wholeCountry")}
            data={parts}
            value={subdivision}
            onChange={(next) => onChange(country, next)}
          />
        )}
      </div>
      {country !== null && <Preview country={country} subdivision={subdivision} />}
    </section>
  );
}

function Preview({ country, subdivision }: { country: string; subdivision: string | null }) {
  const { t, i18n } = useTranslation();
  const query = useQuery({
    queryKey: ["settings", "holidays", country, subdivision],
    queryFn: async () =>
      (
        await answer(
          api.GET("/api/sla/public-holidays/{country}", {
            params: { path: { country }, query: subdivision === null ? {} : { subdivision } },
          }),
        )
      ).items,
  });
  const format = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeZone: "UTC" });
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton height={90} />;
  return (
    <ul className={hoursClasses.holidays} aria-label={t("settings.hours.preview")}>
      {query.data.map(({ date, name }) => (
        <li key={date}>
          <time dateTime={date}>{format.format(new Date(`${date}T00:00:00Z`))}</time>
          <span>{name}</span>
        </li>
      ))}
    </ul>
  );
}
