import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { SetupPage } from "@/features/access/SetupPage";

export const Route = createFileRoute("/setup")({
  validateSearch: z.object({ token: z.optional(z.coerce.string()) }),
  component: SetupPage,
});
