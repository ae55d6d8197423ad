import { Text, Title } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Section } from "../sections";
import classes from "../settings.module.css";

interface Props {
  title: string;
  text?: string;
  /** The list that the way back leads to. */
  back?: Section;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page of the settings: what it is about, what can be done, and the thing itself. */
export function Page({ title, text, back, actions, children }: Props) {
  const { t } = useTranslation();
  return (
    <section className={classes.page}>
      {back && (
        <Link to={`/settings/${back}`} className={classes.back}>
          <IconChevronLeft size={15} aria-hidden /> {t(`settings.sections.${back}`)}
        </Link>
      )}
      <header className={classes.head}>
        <div className={classes.headText}>
          <Title order={1}>{title}</Title>
          {text && (
            <Text size="sm" c="dimmed" maw={620} mt={2}>
              {text}
            </Text>
          )}
        </div>
        {actions}
      </header>
      {children}
    </section>
  );
}
