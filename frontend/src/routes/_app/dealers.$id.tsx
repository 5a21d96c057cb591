import { createFileRoute } from "@tanstack/react-router";
import { DealerPage } from "@/features/dealers/DealerPage";

export const Route = createFileRoute("/_app/dealers/$id")({ component: DealerPage });
