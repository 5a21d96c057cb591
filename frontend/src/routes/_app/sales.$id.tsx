import { createFileRoute } from "@tanstack/react-router";
import { OpportunityPage } from "@/features/pipeline/OpportunityPage";

export const Route = createFileRoute("/_app/sales/$id")({ component: OpportunityPage });
