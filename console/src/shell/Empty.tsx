import { Text } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

import classes from "./shell.module.css";

/** In place of what is not there: says why, and what can be done. */
export function Empty({
  icon: Sign,
  title,
  text,
  children,
}: {
  icon: Icon;
  title: string;
  text?: string;
  children?: ReactNode;
}) {
  return (
    <div className={classes.empty}>
      <Sign size={40} stroke={1.2} aria-hidden />
      <Text fw={600} c="var(--ink)">
        {title}
      </Text>
      {text && (
        <Text size="sm" maw={420}>
          {text}
        </Text>
      )}
      {children}
    </div>
  );
}
