import { createFileRoute } from "@tanstack/react-router";
import { NextActionsPage } from "@/features/next/NextActionsPage";

interface ActionsSearch {
  owner?: string;
}

export const Route = createFileRoute("/_app/insight_/actions")({
  validateSearch: (search: Record<string, unknown>): ActionsSearch => ({
    owner: typeof search.owner === "string" ? search.owner : undefined,
  }),
  component: NextActionsPage,
});
