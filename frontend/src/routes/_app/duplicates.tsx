import { createFileRoute } from "@tanstack/react-router";
import { DuplicatesPage } from "@/features/duplicates/DuplicatesPage";
import type { DuplicateSearch } from "@/features/duplicates/types";

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);

export const Route = createFileRoute("/_app/duplicates")({
  validateSearch: (search: Record<string, unknown>): DuplicateSearch => ({
    certainty:
      search.certainty === "certain" || search.certainty === "possible" ? search.certainty : undefined,
    owner: text(search.owner),
    customer: text(search.customer),
  }),
  component: DuplicatesPage,
});
