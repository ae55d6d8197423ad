import type { UseFormReturnType } from "@mantine/form";

/** What is wrong at a field or within it, for fields that are one control and a whole list in the request. */
export function errorWithin<V extends object>(form: UseFormReturnType<V>, path: string): string | undefined {
  const found = Object.entries(form.errors).filter(([at]) => at === path || at.startsWith(`${path}.`));
  const texts = [...new Set(found.flatMap(([, words]) => (typeof words === "string" ? [words] : [])))];
  return texts.length > 0 ? texts.join(" ") : undefined;
}
