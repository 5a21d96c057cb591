import { createFileRoute } from "@tanstack/react-router";
import { BESIDE, type Beside } from "@/features/sales/sheet/beside";
import { SheetPage } from "@/features/sales/sheet/SheetPage";

const PERIOD = /^\d{4}-(\d\d|W\d\d)$/;

export const Route = createFileRoute("/_app/sheets")({
  validateSearch: (
    search: Record<string, unknown>,
  ): { period?: string; measure?: string; beside?: Beside } => ({
    period: typeof search.period === "string" && PERIOD.test(search.period) ? search.period : undefined,
    measure: typeof search.measure === "string" ? search.measure : undefined,
    beside: BESIDE.find((one) => one === search.beside),
  }),
  component: SheetPage,
});
