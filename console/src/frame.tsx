/** What is around all pages, and around those of administrators. */
import { createRootRoute, createRoute, Outlet } from "@tanstack/react-router";

import { ActingBanner } from "./session/ActingBanner";
import { CrashedPage } from "./shell/CrashedPage";
import { MissingPage } from "./shell/MissingPage";
import { StaffLayout } from "./shell/StaffLayout";

export const root = createRootRoute({
  component: () => (
    <>
      <ActingBanner />
      <Outlet />
    </>
  ),
  notFoundComponent: MissingPage,
  errorComponent: CrashedPage,
});

export const staff = createRoute({ getParentRoute: () => root, id: "staff", component: StaffLayout });
