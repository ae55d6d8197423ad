/** Which part of a page the address names. */
const TABS = ["team", "hours", "answers"] as const;

export const parseDepartmentSearch = (raw: Record<string, unknown>): { tab?: (typeof TABS)[number] } => {
  const tab = TABS.find((each) => each === raw.tab);
  return tab === undefined ? {} : { tab };
};

export const parseAccountSearch = (raw: Record<string, unknown>): { tab?: "users" | "data" } =>
  raw.tab === "users" || raw.tab === "data" ? { tab: raw.tab } : {};

/** Whose user a new one is to be. */
export const parseUserSearch = (raw: Record<string, unknown>): { account_id?: string } =>
  typeof raw.account_id === "string" ? { account_id: raw.account_id } : {};
