import { createFileRoute } from "@tanstack/react-router";
import { DisciplinePage } from "@/features/discipline/DisciplinePage";

interface DisciplineSearch {
  from?: string;
  to?: string;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const day = (value: unknown) => (typeof value === "string" && DAY.test(value) ? value : undefined);

export const Route = createFileRoute("/_app/discipline")({
  validateSearch: (search: Record<string, unknown>): DisciplineSearch => ({
    from: day(search.from),
    to: day(search.to),
  }),
  component: DisciplinePage,
});
