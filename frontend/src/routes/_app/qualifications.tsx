import { createFileRoute } from "@tanstack/react-router";
import { QualificationsPage } from "@/features/qualifications/QualificationsPage";
import { STATUSES, type Status } from "@/features/qualifications/types";

interface Search {
  /** A status, or those that wait for the reader. */
  show?: Status | "waiting";
  template?: string;
}

export const Route = createFileRoute("/_app/qualifications")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    show: search.show === "waiting" ? "waiting" : STATUSES.find((one) => one === search.show),
    template: typeof search.template === "string" && search.template ? search.template : undefined,
  }),
  component: QualificationsPage,
});
