import { useState } from "react";

import { useAccountsNamed } from "@/lookups/found";
import { useAccount } from "@/lookups/lookups";

import { Searched, type SearchedProps } from "../shared/Searched";

const option = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name });

export function AccountField({ value = null, ...rest }: SearchedProps) {
  const [text, setText] = useState("");
  const set = useAccount(value ?? undefined).data;
  const found = useAccountsNamed(set?.name === text ? "" : text);
  return (
    <Searched {...rest} value={value} chosen={set && option(set)} found={found.data?.map(option)} onSearch={setText} />
  );
}
