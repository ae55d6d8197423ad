import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { AccountCard, TicketDetails } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { useAccount } from "@/lookups/lookups";

import { OtherTickets } from "./OtherTickets";
import classes from "./ticket.module.css";

/** Who asks: what is known of the account. */
export function AccountTab({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const { data: account } = useAccount(ticket.account.id);
  return (
    <div className={classes.fields}>
      <div>
        <Text fw={650}>{ticket.account.name}</Text>
        <Text size="sm" c="dimmed">
          {ticket.user.name}
        </Text>
      </div>
      {account?.comment && <Text size="sm">{account.comment}</Text>}
      <Facts ticket={ticket} account={account} />
      {account?.services?.length ? <Services services={account.services} /> : null}
      <OtherTickets ticket={ticket} />
      <Anchor
        size="sm"
        renderRoot={(root) => (
          <Link to="/tickets" search={{ account_id: ticket.account.id, state: "all", sort: "id" }} {...root} />
        )}
      >
        {t("account.allTickets")}
      </Anchor>
    </div>
  );
}

function Facts({ ticket, account }: { ticket: TicketDetails; account: AccountCard | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts: [string, string | null | undefined][] = [
    [t("filters.attitude"), ticket.account.attitude && t(`attitude.${ticket.account.attitude}`)],
    [t("account.group"), ticket.account.group?.name],
    [t("account.expenses"), account && format.number(Number(account.expenses))],
    [t("account.balance"), account?.balance && format.number(Number(account.balance))],
    [t("account.since"), account?.registered_on],
  ];
  return (
    <dl className={classes.facts}>
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name} className={classes.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Services({ services }: { services: NonNullable<AccountCard["services"]> }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section>
      <Text size="sm" fw={600} mb={4}>
        {t("account.services", { count: services.length })}
      </Text>
      <dl className={classes.facts}>
        {services.map((service, place) => (
          <div key={place} className={classes.fact}>
            <dt>{service.product_type}</dt>
            <dd>{format.number(Number(service.price))}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
