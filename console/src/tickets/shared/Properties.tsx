import {
  IconAlertTriangle,
  IconChevronDown,
  IconChevronsUp,
  IconMail,
  IconMailFilled,
  IconMinus,
  IconMoodAngry,
  IconRobot,
  IconStarFilled,
  IconUsers,
  type Icon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/types";
import { tip } from "@/shell/Tips";

import classes from "./shared.module.css";

interface Sign {
  label: string;
  icon: Icon;
  tone: string;
}

/** What is special about a ticket, as icons that say in words what they mean. */
export function Properties({ ticket }: { ticket: Ticket }) {
  const signs = useSigns(ticket);
  return (
    <span className={classes.signs}>
      {signs.map((sign) => (
        <span key={sign.label} role="img" aria-label={sign.label} className={classes[sign.tone]} {...tip(sign.label)}>
          <sign.icon size={16} stroke={1.9} />
        </span>
      ))}
    </span>
  );
}

function useSigns(ticket: Ticket): Sign[] {
  const { t } = useTranslation();
  const signs: (Sign | false)[] = [
    ticket.unread && { label: t("properties.unread"), icon: IconMailFilled, tone: "brand" },
    ticket.urgency === "high" && { label: t("urgency.high"), icon: IconChevronsUp, tone: "bad" },
    ticket.urgency === "medium" && { label: t("urgency.medium"), icon: IconMinus, tone: "soft" },
    ticket.urgency === "low" && { label: t("urgency.low"), icon: IconChevronDown, tone: "soft" },
    ticket.account.attitude === "good" && { label: t("attitude.good"), icon: IconStarFilled, tone: "gold" },
    ticket.account.attitude === "bad" && { label: t("attitude.bad"), icon: IconMoodAngry, tone: "bad" },
    ticket.channel === "email" && { label: t("channel.email"), icon: IconMail, tone: "soft" },
    ticket.channel === "api" && { label: t("channel.api"), icon: IconRobot, tone: "soft" },
    ticket.account.group !== null && {
      label: t("properties.group", { name: ticket.account.group.name }),
      icon: IconUsers,
      tone: "soft",
    },
    ticket.closes_at !== null && { label: t("properties.closesSoon"), icon: IconAlertTriangle, tone: "soft" },
  ];
  return signs.filter((sign) => sign !== false);
}
