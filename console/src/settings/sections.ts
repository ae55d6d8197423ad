/** What can be set, under which heading, and by which right. */
import {
  IconAddressBook,
  IconAlertTriangle,
  IconBuilding,
  IconCategory,
  IconHourglass,
  IconKey,
  IconMail,
  IconMailbox,
  IconMailQuestion,
  IconRoute,
  IconScale,
  IconSignature,
  IconTag,
  IconUserShield,
  IconUsersGroup,
  IconWebhook,
  IconWorld,
  type Icon,
} from "@tabler/icons-react";

import type { Right } from "@/session/useSession";

export const SECTIONS = {
  departments: { group: "work", right: "manage_settings", icon: IconUsersGroup },
  categories: { group: "work", right: "manage_settings", icon: IconCategory },
  targets: { group: "work", right: "manage_settings", icon: IconHourglass },
  "submission-rules": { group: "work", right: "manage_settings", icon: IconRoute },
  "weight-rules": { group: "work", right: "manage_settings", icon: IconScale },
  accounts: { group: "people", right: "manage_people", icon: IconBuilding },
  users: { group: "people", right: "manage_people", icon: IconAddressBook },
  administrators: { group: "people", right: "manage_people", icon: IconUserShield },
  groups: { group: "people", right: "manage_people", icon: IconTag },
  projects: { group: "people", right: "manage_people", icon: IconWorld },
  mails: { group: "mail", right: "answer", icon: IconMailQuestion },
  gateways: { group: "mail", right: "manage_settings", icon: IconMailbox },
  templates: { group: "mail", right: "manage_settings", icon: IconMail },
  "api-keys": { group: "systems", right: "manage_settings", icon: IconKey },
  "signing-keys": { group: "systems", right: "manage_settings", icon: IconSignature },
  webhooks: { group: "systems", right: "manage_settings", icon: IconWebhook },
  parked: { group: "systems", right: "manage_settings", icon: IconAlertTriangle },
} as const satisfies Record<string, { group: string; right: Right; icon: Icon }>;

export type Section = keyof typeof SECTIONS;
/** Those whose things have a page each. */
export type ListSection = Exclude<Section, "parked" | "signing-keys">;

export const GROUPS = ["work", "people", "mail", "systems"] as const;

/** The sections that somebody may work with, in their order. */
export function sectionsFor(may: (right: Right) => boolean): Section[] {
  return (Object.keys(SECTIONS) as Section[]).filter((section) => may(SECTIONS[section].right));
}

export function isSection(name: string | undefined): name is Section {
  return name !== undefined && name in SECTIONS;
}
