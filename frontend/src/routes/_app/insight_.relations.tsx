import { createFileRoute } from "@tanstack/react-router";
import { RelationsPage } from "@/features/insight/RelationsPage";

export const Route = createFileRoute("/_app/insight_/relations")({ component: RelationsPage });
