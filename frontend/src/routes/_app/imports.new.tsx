import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { NewImportPage } from "@/features/imports/NewImportPage";
import { RESOURCES } from "@/features/imports/types";

export const Route = createFileRoute("/_app/imports/new")({
  validateSearch: z.object({ resource: z.catch(z.optional(z.enum(RESOURCES)), undefined) }),
  component: NewImportPage,
});
