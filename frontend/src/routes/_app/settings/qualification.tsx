import { createFileRoute } from "@tanstack/react-router";
import { TemplatesPage } from "@/features/qualifications/TemplatesPage";

export const Route = createFileRoute("/_app/settings/qualification")({ component: TemplatesPage });
