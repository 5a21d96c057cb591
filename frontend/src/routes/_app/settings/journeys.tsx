import { createFileRoute } from "@tanstack/react-router";
import { JourneysPage } from "@/features/journeys/JourneysPage";

export const Route = createFileRoute("/_app/settings/journeys")({ component: JourneysPage });
