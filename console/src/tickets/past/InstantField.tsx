import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { instantOf, minuteOf } from "@/time/days";
import { serverNow } from "@/time/clock";

interface Props {
  value: string | undefined;
  onChange: (instant: string | undefined) => void;
}

/** An instant that has been: kept once it is whole, and when one leaves the field. */
export function InstantField({ value, onChange }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(value === undefined ? "" : minuteOf(value));
  const instant = instantOf(text);
  const isToCome = instant !== undefined && Date.parse(instant) > serverNow();
  const done = () => {
    if (!isToCome && instant !== value) onChange(instant);
  };
  return (
    <TextInput
      size="xs"
      type="datetime-local"
      label={t("past.field")}
      max={minuteOf(serverNow())}
      error={isToCome && t("past.toCome")}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => event.key === "Enter" && done()}
    />
  );
}
