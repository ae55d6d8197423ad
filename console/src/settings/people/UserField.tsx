import { useState } from "react";

import type { User } from "@/api/types";
import { useUsersNamed } from "@/lookups/found";
import { useUser } from "@/lookups/lookups";

import { Searched, type SearchedProps } from "../shared/Searched";

const option = ({ id, name, email }: User) => ({ value: id, label: `${name} (${email})` });

export function UserField({ value = null, ...rest }: SearchedProps) {
  const [text, setText] = useState("");
  const set = useUser(value ?? undefined).data;
  const chosen = set && option(set);
  const found = useUsersNamed(chosen?.label === text ? "" : text);
  return <Searched {...rest} value={value} chosen={chosen} found={found.data?.map(option)} onSearch={setText} />;
}
