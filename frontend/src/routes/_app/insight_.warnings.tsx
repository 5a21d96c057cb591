import { createFileRoute } from "@tanstack/react-router";
import type { WarningSearch } from "@/features/insight/outlook";
import { WarningsPage } from "@/features/insight/WarningsPage";

const STATUSES = ["open", "acting", "kept", "lost", "withdrawn"] as const;

export const Route = createFileRoute("/_app/insight_/warnings")({
  validateSearch: (search: Record<string, unknown>): WarningSearch => ({
    status: STATUSES.find((one) => one === search.status),
  }),
  component: WarningsPage,
});
