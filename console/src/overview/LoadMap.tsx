import { Popover, Text, Title, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/i18n/useFormat";
import { Spinner } from "@/shell/Spinner";

import classes from "./overview.module.css";
import { submittedIn, type Counted } from "./period";
import { Scrolled } from "./Scrolled";
import { useLoad, useLoadOfHour } from "./useFigures";

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** When tickets come in: by weekday and hour, each a way to the days that it is made up of. */
export function LoadMap({ counted }: { counted: Counted }) {
  const { t } = useTranslation();
  const format = useFormat();
  const items = useLoad(counted).data?.items ?? [];
  const found = new Map(items.map((each) => [`${each.weekday} ${each.hour}`, each.tickets]));
  const most = Math.max(1, ...found.values());
  return (
    <section className={classes.panel} aria-label={t("overview.load")}>
      <Title order={2}>{t("overview.load")}</Title>
      <Scrolled label={t("overview.load")}>
        <table className={classes.map}>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">{t("overview.weekday")}</span>
              </th>
              {HOURS.map((hour) => (
                <th key={hour} scope="col">
                  {hour}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {WEEKDAYS.map((weekday) => (
              <tr key={weekday}>
                <th scope="row">{format.weekday(weekday)}</th>
                {HOURS.map((hour) => {
                  const tickets = found.get(`${weekday} ${hour}`) ?? 0;
                  return (
                    <td key={hour}>
                      {tickets > 0 && (
                        <Cell {...{ counted, weekday, hour, tickets }} strength={Math.ceil((tickets / most) * 5)} />
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

interface CellProps {
  counted: Counted;
  weekday: number;
  hour: number;
  tickets: number;
  /** From 1 to 5: the shade. The number stands on it. */
  strength: number;
}

function Cell({ strength, tickets, ...of }: CellProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Popover position="top" withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton
          className={classes.cell}
          data-strength={strength}
          aria-label={t("overview.loadOf", { weekday: format.weekday(of.weekday), hour: of.hour, tickets })}
        >
          {tickets}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <DaysOfHour {...of} />
      </Popover.Dropdown>
    </Popover>
  );
}

function DaysOfHour({ counted, weekday, hour }: Omit<CellProps, "tickets" | "strength">) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useLoadOfHour(counted, weekday, hour);
  const within = counted.department_id === undefined ? {} : { department_id: counted.department_id };
  if (!data) return <Spinner size="xs" />;
  return (
    <>
      <Text size="sm" fw={600} mb={4}>
        {t("overview.submittedAt", { weekday: format.weekday(weekday), hour })}
      </Text>
      {data.items.map(({ day, tickets }) => (
        <div key={day} className={classes.line}>
          <Link to="/tickets" search={{ ...within, ...submittedIn(day ?? "", hour) }} className={classes.name}>
            {format.day(day ?? "")}
          </Link>
          <span>{format.number(tickets)}</span>
        </div>
      ))}
    </>
  );
}
