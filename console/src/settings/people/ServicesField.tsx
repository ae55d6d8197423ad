import { ActionIcon, Button, Input, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/i18n/useFormat";

import classes from "../settings.module.css";
import type { AccountValues } from "./AccountPage";

/** What the account has ordered, and what that costs together. */
export function ServicesField({ form }: { form: UseFormReturnType<AccountValues> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { services } = form.values;
  const expenses = services.reduce((sum, { price }) => sum + (Number(price) || 0), 0);
  return (
    <Input.Wrapper
      labelElement="div"
      label={t("settings.accounts.services")}
      description={t("settings.accounts.expenses", { sum: format.number(Math.round(expenses * 100) / 100) })}
    >
      {services.map((_, place) => (
        <div key={place} className={classes.line}>
          <TextInput
            mt={6}
            className={classes.grow ?? ""}
            aria-label={t("settings.accounts.productType")}
            placeholder={t("settings.accounts.productType")}
            {...form.getInputProps(`services.${place}.product_type`)}
          />
          <TextInput
            mt={6}
            w={130}
            inputMode="decimal"
            aria-label={t("settings.accounts.price")}
            placeholder={t("settings.accounts.price")}
            {...form.getInputProps(`services.${place}.price`)}
          />
          <ActionIcon
            mt={9}
            size="lg"
            variant="subtle"
            color="gray"
            aria-label={t("settings.removeLine", { number: place + 1 })}
            onClick={() => form.removeListItem("services", place)}
          >
            <IconTrash size={17} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          mt={8}
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => form.insertListItem("services", { product_type: "", price: "" })}
        >
          {t("settings.accounts.addService")}
        </Button>
      </div>
    </Input.Wrapper>
  );
}
