import { createFileRoute } from "@tanstack/react-router";
import { ProgrammesPage } from "@/features/insight/programmes/ProgrammesPage";

export const Route = createFileRoute("/_app/insight_/lifetime_/programmes")({ component: ProgrammesPage });
