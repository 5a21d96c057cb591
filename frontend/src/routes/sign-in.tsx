import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { SignInPage } from "@/features/access/SignInPage";

export const Route = createFileRoute("/sign-in")({
  validateSearch: z.object({ next: z.optional(z.string()) }),
  component: SignInPage,
});
