import { useAdministrators, useCategories, useDepartments, useGroups, useProjects } from "@/lookups/lookups";

/** What the things are called that settings mention by their ids. */
export function useNames(): Readonly<Record<string, string>> {
  const lists = [
    useAdministrators().data,
    useDepartments().data,
    useCategories().data,
    useGroups().data,
    useProjects().data,
  ];
  return Object.fromEntries(lists.flatMap((list) => (list ?? []).map(({ id, name }) => [id, name])));
}
