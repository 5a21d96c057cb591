import { createFileRoute } from "@tanstack/react-router";
import { JobsPage } from "@/features/platform/JobsPage";

export const Route = createFileRoute("/_app/settings/jobs")({ component: JobsPage });
