import { NavLink, NativeSelect, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Link, Navigate, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useMay } from "@/session/useSession";
import { Empty } from "@/shell/Empty";

import { WaitingCount } from "./mail/WaitingCount";
import { GROUPS, isSection, SECTIONS, sectionsFor, type Section } from "./sections";
import classes from "./settings.module.css";

/** The frame of the settings: what there is to set, and the page of what is being set. */
export function SettingsLayout() {
  const { t } = useTranslation();
  const mine = sectionsFor(useMay());
  const here = useLocation().pathname.split("/")[2];
  const [first] = mine;
  if (first === undefined) return <Refused />;
  if (here === undefined || here === "") return <Navigate to={`/settings/${first}`} replace />;
  return (
    <div className={classes.frame}>
      <nav className={classes.side} aria-label={t("settings.title")}>
        {GROUPS.map((group) => (
          <Links key={group} title={t(`settings.groups.${group}`)} sections={ofGroup(mine, group)} here={here} />
        ))}
      </nav>
      <Switch mine={mine} here={here} />
      <div className={classes.content}>{isSection(here) && !mine.includes(here) ? <Refused /> : <Outlet />}</div>
    </div>
  );
}

function Refused() {
  const { t } = useTranslation();
  return <Empty icon={IconLock} title={t("problems.forbidden")} text={t("settings.refused")} />;
}

const ofGroup = (sections: Section[], group: string) => sections.filter((each) => SECTIONS[each].group === group);

function Links({ title, sections, here }: { title: string; sections: Section[]; here: string }) {
  const { t } = useTranslation();
  if (sections.length === 0) return null;
  return (
    <div className={classes.group}>
      <Text size="xs" fw={600} c="dimmed" className={classes.groupTitle ?? ""}>
        {title}
      </Text>
      {sections.map((section) => {
        const Sign = SECTIONS[section].icon;
        return (
          <NavLink
            key={section}
            renderRoot={(root) => <Link to={`/settings/${section}`} {...root} />}
            label={t(`settings.sections.${section}`)}
            leftSection={<Sign size={17} stroke={1.7} aria-hidden />}
            rightSection={section === "mails" && <WaitingCount />}
            active={section === here}
            aria-current={section === here ? "page" : undefined}
            className={classes.link ?? ""}
          />
        );
      })}
    </div>
  );
}

/** On a phone, in place of the links beside the page. */
function Switch({ mine, here }: { mine: Section[]; here: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <div className={classes.switch}>
      <NativeSelect
        aria-label={t("settings.title")}
        value={here}
        onChange={(event) => void navigate({ to: `/settings/${event.currentTarget.value as Section}` })}
        data={GROUPS.map((group) => ({
          group: t(`settings.groups.${group}`),
          items: ofGroup(mine, group).map((value) => ({ value, label: t(`settings.sections.${value}`) })),
        })).filter(({ items }) => items.length > 0)}
      />
    </div>
  );
}
