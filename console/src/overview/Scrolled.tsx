import type { ReactNode } from "react";

import classes from "./overview.module.css";

/** What is wider than a phone, to be moved sideways by finger or by keyboard. */
export function Scrolled({ label, children }: { label: string; children: ReactNode }) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that it can be scrolled by keyboard
    <div className={classes.scrolled} role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
