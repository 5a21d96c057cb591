import { createFileRoute } from "@tanstack/react-router";
import { LeadFormsPage } from "@/features/leadforms/LeadFormsPage";

export const Route = createFileRoute("/_app/settings/lead-forms")({ component: LeadFormsPage });
