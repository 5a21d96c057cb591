import { createFileRoute } from "@tanstack/react-router";
import { DurablesPage } from "@/features/insight/durables/DurablesPage";

export const Route = createFileRoute("/_app/insight_/lifetime_/durables")({ component: DurablesPage });
