/** A form about something that is kept, which somebody else may change meanwhile. */
import { useForm, type UseFormInput, type UseFormReturnType } from "@mantine/form";
import { useEffect, useRef, useState } from "react";

export type Edited<V extends object> = UseFormReturnType<V> & {
  /** Somebody else has changed it while one was typing. */
  isOvertaken: boolean;
};

/** Follows what is kept, but in the fields that were typed in: those stay until they are saved, or left. */
export function useEdited<V extends object>(kept: V, rules?: UseFormInput<V>["validate"]): Edited<V> {
  const form = useForm<V>({ mode: "controlled", initialValues: kept, ...(rules && { validate: rules }) });
  const isOvertaken = useOvertaken(kept, form.isDirty);
  const followed = useRef(JSON.stringify(kept));
  useEffect(() => {
    const news = JSON.stringify(kept);
    if (followed.current === news) return;
    followed.current = news;
    const typed = typedIn(form);
    form.resetDirty(kept);
    form.setValues({ ...kept, ...typed });
  }, [kept, form]);
  return { ...form, isOvertaken };
}

function typedIn<V extends object>(form: UseFormReturnType<V>): Partial<V> {
  const fields = Object.entries(form.getValues()).filter(([field]) => form.isDirty(field));
  return Object.fromEntries(fields) as Partial<V>;
}

function useOvertaken(kept: object, isDirty: () => boolean): boolean {
  const news = JSON.stringify(kept);
  const [seen, see] = useState({ news, isOvertaken: false });
  if (seen.news !== news) see({ news, isOvertaken: isDirty() });
  return seen.isOvertaken;
}
