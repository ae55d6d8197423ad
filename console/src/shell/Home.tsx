import { Navigate } from "@tanstack/react-router";

import { useIdentity } from "@/session/useSession";

/** Everybody begins where they work. */
export function Home() {
  return <Navigate to={useIdentity().kind === "client" ? "/panel" : "/tickets"} replace />;
}
