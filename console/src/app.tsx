import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";

import { LiveProvider } from "./live/LiveProvider";
import { router } from "./routes";
import { SignInPage } from "./session/SignInPage";
import { SessionOver } from "./session/SessionOver";
import { Starting } from "./session/Starting";
import { useSession } from "./session/useSession";
import { styleNonce } from "./shell/nonce";
import { makeQueryClient } from "./shell/queries";
import { ShortcutsProvider } from "./shell/shortcuts";
import { theme, variables } from "./shell/theme";
import { Tips } from "./shell/Tips";

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <Notifications position="bottom-right" limit={3} />
      <Gate />
    </MantineProvider>
  );
}

function Gate() {
  const state = useSession();
  if (state.status === "starting") return <Starting />;
  if (state.status !== "in") return <SignInPage />;
  const { user } = state.acting ?? state.own;
  return (
    <>
      <Inside key={`${user.id} ${user.acting_id ?? ""}`} />
      {state.isOver && <SessionOver email={state.own.user.email ?? ""} />}
    </>
  );
}

/** What one person sees is never shown to another: with the person, all that was read is forgotten. */
function Inside() {
  const [queries] = useState(makeQueryClient);
  return (
    <QueryClientProvider client={queries}>
      <ModalsProvider>
        <LiveProvider>
          <ShortcutsProvider>
            <RouterProvider router={router} />
            <Tips />
          </ShortcutsProvider>
        </LiveProvider>
      </ModalsProvider>
    </QueryClientProvider>
  );
}
