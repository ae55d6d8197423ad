import { Alert, Button } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconAlertCircle, IconUsers } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { isProblem } from "@/api/problems";
import { showDone, wordsOf } from "@/shell/problemNotice";
import { useUnsaved } from "@/writing/useUnsaved";

import type { Section } from "../sections";
import classes from "../settings.module.css";
import { refusalOf } from "./refusals";
import { useForget } from "./things";
import type { Edited } from "./useEdited";

interface Props<V extends object, R> {
  section: Section;
  form: Edited<V>;
  send: (values: V) => Promise<R>;
  onSaved: (result: R) => Promise<void> | void;
  /** Fields that problems without a place of their own belong to, by the problem's slug. */
  slugs?: Readonly<Record<string, string>>;
  /** Fields that show what they are refused for; anything else is told above the buttons. */
  submit?: string;
  /** What is said once it is kept. */
  saved?: (result: R) => string;
  more?: ReactNode;
  children: ReactNode;
}

/** Fields, and what becomes of them: kept, or refused at the field that it is about. */
export function Form<V extends object, R>(props: Props<V, R>) {
  const { section, form, send, onSaved, slugs = {}, children } = props;
  const { t } = useTranslation();
  const [rest, setRest] = useState<string[]>([]);
  const forget = useForget(section);
  const isHere = useIsHere();
  useUnsaved(form.isDirty);
  const saving = useMutation({
    meta: { isShown: true },
    mutationFn: send,
    onMutate: () => setRest([]),
    onError: (error) => {
      const refusal = refusalOf(error, slugs, wordsOf(error));
      form.setErrors(refusal.fields);
      setRest([...refusal.rest, ...hidden(form, refusal.fields)]);
      // Shown as it is now, so that it can be saved upon that.
      if (isProblem(error, "precondition-failed")) return forget();
    },
    onSuccess: async (result) => {
      form.resetDirty();
      const known = forget();
      // Whoever has gone on to another page stays there.
      if (isHere.current) await onSaved(result);
      showDone(props.saved?.(result) ?? t("settings.saved"));
      await known;
    },
  });
  const told = form.isOvertaken && isProblem(saving.error, "precondition-failed") ? [] : rest;
  return (
    <form onSubmit={form.onSubmit((values) => saving.mutate(values))} noValidate>
      <fieldset className={classes.fields} disabled={saving.isPending}>
        {children}
      </fieldset>
      {form.isOvertaken && (
        <Alert color="orange" variant="light" icon={<IconUsers size={18} />} role="status" mb="sm" c="var(--ink)">
          {t("settings.overtaken")}
        </Alert>
      )}
      {told.length > 0 && (
        <Alert color="red" variant="light" icon={<IconAlertCircle size={18} />} role="alert" mb="sm">
          {told.map((each) => (
            <div key={each}>{each}</div>
          ))}
        </Alert>
      )}
      <div className={classes.foot}>
        <Button type="submit" loading={saving.isPending}>
          {props.submit ?? t("settings.save")}
        </Button>
        {props.more}
      </div>
    </form>
  );
}

/** Whether this is still on the screen. */
function useIsHere() {
  const isHere = useRef(false);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  return isHere;
}

/** Refusals of places that the form has no field for. */
function hidden<V extends object>(form: UseFormReturnType<V>, fields: Record<string, string>): string[] {
  const values = form.getValues() as Record<string, unknown>;
  return Object.entries(fields)
    .filter(([path]) => !((path.split(".")[0] ?? "") in values))
    .map(([path, words]) => `${path}: ${words}`);
}
