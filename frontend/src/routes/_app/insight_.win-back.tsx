import { createFileRoute } from "@tanstack/react-router";
import { winBackSearch } from "@/features/insight/winback/queries";
import { WinBackPage } from "@/features/insight/winback/WinBackPage";

export const Route = createFileRoute("/_app/insight_/win-back")({
  validateSearch: winBackSearch,
  component: WinBackPage,
});
