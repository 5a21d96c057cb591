import { createFileRoute } from "@tanstack/react-router";
import { OrganisationPage } from "@/features/access/OrganisationPage";

export const Route = createFileRoute("/_app/settings/organisation")({ component: OrganisationPage });
