import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "@mantine/spotlight/styles.layer.css";
import "./shell/global.css";

import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app";
import { startI18n } from "./i18n";
import { session } from "./session/session";
import { styleNonce } from "./shell/nonce";

setNonce(styleNonce()); // for what locks the scroll behind a dialog

await startI18n();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
session.start().catch(() => undefined); // shown as "no connection", with a way to try again
