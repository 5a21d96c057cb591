import { createFileRoute } from "@tanstack/react-router";
import { PipelinesPage } from "@/features/pipeline/PipelinesPage";

export const Route = createFileRoute("/_app/settings/pipelines")({ component: PipelinesPage });
