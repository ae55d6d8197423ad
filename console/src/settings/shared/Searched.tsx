import { Select, type SelectProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface Option {
  value: string;
  label: string;
}

export type SearchedProps = Omit<SelectProps, "data" | "value" | "onChange"> & {
  value?: string | null;
  onChange?: (id: string | null) => void;
};

interface Props extends SearchedProps {
  chosen: Option | undefined;
  found: Option[] | undefined;
  onSearch: (text: string) => void;
}

/** One of too many to list: the service finds the first few by what is typed. */
export function Searched({ chosen, found = [], onSearch, ...rest }: Props) {
  const { t } = useTranslation();
  return (
    <Select
      {...rest}
      data={[...(chosen ? [chosen] : []), ...found.filter((each) => each.value !== chosen?.value)]}
      searchable
      onSearchChange={onSearch}
      filter={({ options }) => options}
      nothingFoundMessage={t("filters.nothingFound")}
    />
  );
}
