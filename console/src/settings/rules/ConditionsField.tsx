import { ActionIcon, Button, Input, Menu, SegmentedControl, Select, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Condition } from "@/api/types";

import classes from "../settings.module.css";
import { blank, isMany, KINDS, turned, type Kind, type Many } from "./conditions";
import { PartFields } from "./PartFields";

type Errors = Readonly<Record<string, unknown>>;

interface PartProps {
  value: Condition;
  onChange: (value: Condition) => void;
  onRemove: () => void;
  /** Where the part is in the request, as refusals name it. */
  path: string;
  /** Its number among its neighbours, for those who do not see where it stands. */
  number: number;
  errors: Errors;
}

/** A rule's conditions: a tree of parts, each refused where it stands. */
export function ConditionsField(props: { value: Many; onChange: (value: Many) => void; path: string; errors: Errors }) {
  const { t } = useTranslation();
  const { value, onChange, path, errors } = props;
  return (
    <Input.Wrapper labelElement="div" label={t("settings.rules.conditions")} error={ownErrors(errors, path, value)}>
      <SegmentedControl
        mt={4}
        size="xs"
        display="flex"
        w="fit-content"
        aria-label={t("settings.rules.conditions")}
        value={value.kind}
        onChange={(kind) => onChange(turned(value, kind) as Many)}
        data={(["all", "any"] as const).map((kind) => ({ value: kind, label: t(`settings.kinds.${kind}`) }))}
      />
      {(value.of ?? []).length === 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          {t("settings.rules.always")}
        </Text>
      )}
      <Parts value={value} onChange={onChange} path={path} errors={errors} />
    </Input.Wrapper>
  );
}

function Parts({
  value,
  onChange,
  path,
  errors,
}: {
  value: Many;
  onChange: (value: Many) => void;
  path: string;
  errors: Errors;
}) {
  const parts = value.of ?? [];
  const set = (of: Condition[]) => onChange({ ...value, of });
  return (
    <div className={classes.parts}>
      {parts.map((part, place) => (
        <Part
          key={place}
          number={place + 1}
          value={part}
          onChange={(next) => set(parts.map((each, at) => (at === place ? next : each)))}
          onRemove={() => set(parts.filter((_, at) => at !== place))}
          path={`${path}.of.${place}`}
          errors={errors}
        />
      ))}
      <AddPart onAdd={(kind) => set([...parts, blank(kind)])} />
    </div>
  );
}

function Part({ value, onChange, onRemove, path, number, errors }: PartProps) {
  const { t } = useTranslation();
  const error = ownErrors(errors, path, value);
  return (
    <div className={classes.part} role="group" aria-label={t("settings.rules.part", { number })}>
      <div className={classes.line}>
        <Select
          w={200}
          size="sm"
          allowDeselect={false}
          aria-label={t("settings.rules.kind")}
          data={KINDS.map((kind) => ({ value: kind, label: t(`settings.kinds.${kind}`) }))}
          value={value.kind}
          onChange={(kind) => kind !== null && onChange(turned(value, kind))}
        />
        <PartFields value={value} onChange={onChange} />
        <ActionIcon
          ml="auto"
          size="lg"
          variant="subtle"
          color="gray"
          aria-label={t("settings.rules.removePart", { number })}
          onClick={onRemove}
        >
          <IconTrash size={17} />
        </ActionIcon>
      </div>
      {error && <Input.Error mt={6}>{error}</Input.Error>}
      {isMany(value) && <Parts value={value} onChange={onChange} path={path} errors={errors} />}
      {value.kind === "not" && (
        <div className={classes.parts}>
          <Part
            number={1}
            value={value.of}
            onChange={(of) => onChange({ ...value, of })}
            onRemove={onRemove}
            path={`${path}.of`}
            errors={errors}
          />
        </div>
      )}
    </div>
  );
}

function AddPart({ onAdd }: { onAdd: (kind: Kind) => void }) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="xs" variant="default" w="fit-content" leftSection={<IconPlus size={14} aria-hidden />}>
          {t("settings.rules.addPart")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={340} style={{ overflowY: "auto" }}>
        {KINDS.map((kind) => (
          <Menu.Item key={kind} onClick={() => onAdd(kind)}>
            {t(`settings.kinds.${kind}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** What is refused about the part itself; what is within it shows there. */
function ownErrors(errors: Errors, path: string, value: Condition): string | null {
  const within = `${path}.of`;
  const found = Object.entries(errors).filter(([at]) => {
    if (at === path) return true;
    if (!at.startsWith(`${path}.`)) return false;
    return !(isMany(value) || value.kind === "not") || !(at === within || at.startsWith(`${within}.`));
  });
  return found.length > 0 ? [...new Set(found.map(([, words]) => String(words)))].join(" ") : null;
}
