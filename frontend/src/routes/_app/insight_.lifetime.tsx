import { createFileRoute } from "@tanstack/react-router";
import { LifetimePage } from "@/features/insight/LifetimePage";

export const Route = createFileRoute("/_app/insight_/lifetime")({ component: LifetimePage });
