import { createFileRoute } from "@tanstack/react-router";
import { FiguresPage } from "@/features/pipeline/FiguresPage";

const text = (value: unknown) => (typeof value === "string" ? value : undefined);

export const Route = createFileRoute("/_app/sales/figures")({
  validateSearch: (
    search: Record<string, unknown>,
  ): { pipeline?: string; as_of?: string; owner?: string } => ({
    pipeline: text(search.pipeline),
    as_of: text(search.as_of),
    owner: text(search.owner),
  }),
  component: FiguresPage,
});
